import type run from '../../../statemachine/blue-green-deployment.asl.json';
import type rehearsal from '../../../statemachine/rehearsal.asl.json';
import type rollBack from '../../../statemachine/roll-back.asl.json';

/** Names of the states of a machine, and of those inside its Maps. */
type NamesIn<Machine extends { States: object }> =
  | (keyof Machine['States'] & string)
  | {
      [Name in keyof Machine['States']]: Machine['States'][Name] extends {
        ItemProcessor: infer Inner extends { States: object };
      }
        ? NamesIn<Inner>
        : never;
    }[keyof Machine['States']];

/**
 * The name of a state of a run, as the console shows it. It is read from the definition that is deployed, so code that misspells it, or
 * names a state that was renamed, does not compile. Only types are imported: no bundle holds a definition.
 */
export type RunState = NamesIn<typeof run>;

/** The same for an execution that goes back. */
export type RollBackState = NamesIn<typeof rollBack>;

/** The same for a rehearsal on a copy. */
export type RehearsalState = NamesIn<typeof rehearsal>;

/** A state of any machine. */
export type StateName = RunState | RollBackState | RehearsalState;

/** A state that both machines have. */
export type CommonState = RunState & RollBackState;
