import { x } from './expressions.ts';
import { hookOfConsumer } from './hooks.ts';
import type { Level, Phase } from './level.ts';
import { faults, sqlBusy } from './policies.ts';
import { statesOf, succeed } from './states.ts';

export type HandOver =
  | 'Does anybody read the changes?'
  | 'Find where consumers go on'
  | 'Hand over to the consumers';

export type HandOverOfOne = 'Call the hook of a consumer' | 'Its answer is kept';

const ofOne: Phase<HandOverOfOne> = {
  'Call the hook of a consumer': hookOfConsumer({
    comment: "Invokes the user's handOver hook with the positions of both sides.",
    next: 'Its answer is kept',
  }),

  'Its answer is kept': succeed('The outcome tells it.'),
};

/** What every consumer goes through. */
export const handOverOfOne: Level<HandOverOfOne> = { startAt: 'Call the hook of a consumer', states: ofOne };

/** A warning to the outcome where the positions could not be read, or the hooks not be called. */
const notHandedOver = {
  findings: x`$append($findings, [{'rule': 'hand-over', 'severity': 'warning', 'message': 'consumers of changes were not handed over: ' & $substring($states.errorOutput.Error & ' ' & $states.errorOutput.Cause, 0, 4000)}])`,
};

/** Where the positions could not be read on the way back, those of the way there are still noted: they lead to the side that is closed by now. */
const isOfThisSide = '$exists($deployment.handOver) and $deployment.handOver.side = $serving.side';

type Variable = 'request' | 'deployment' | 'wayBack' | 'serving' | 'findings' | 'run';

/**
 * The states by which consumers of changes are led to the side that serves.
 * @param given what the function is given in this machine
 * @param found where it goes on once the positions are known, before the hooks are called
 * @param next where it goes on after them, and where nobody reads the changes
 */
export function handOverStates<Next extends string>(of: {
  given: readonly Variable[];
  found: Next | 'Hand over to the consumers';
  unread: Next;
  next: Next;
}): Phase<HandOver> {
  const { task, choice, each } = statesOf<HandOver | Next, Variable>();
  return {
    'Does anybody read the changes?': choice({
      comment:
        'Consumers that the request names, or that were found to read the log of blue: CDC, DMS, another server.',
      options: [
        {
          when: x`$count($deployment.consumers) > 0 or $count($request.consumers) > 0`,
          next: 'Find where consumers go on',
        },
      ],
      otherwise: of.unread,
    }),

    'Find where consumers go on': task({
      comment:
        'Reads where the log of the former production ends, and where that of the side that serves begins: the position, and the GTID set where there is one. Changes nothing.',
      given: of.given,
      seconds: 60,
      retry: [faults, sqlBusy],
      failed: { assign: notHandedOver, next: of.found },
      assign: { deployment: x`$states.result.Payload` },
      next: of.found,
    }),

    'Hand over to the consumers': each({
      comment:
        'Calls the hook handOver of the request once for each consumer. What it says is told, and changes nothing: production is where it is.',
      items: x`$exists($request.hooks.handOver) and ${isOfThisSide} ? $deployment.handOver.consumers : []`,
      states: handOverOfOne,
      failed: { assign: notHandedOver, next: of.next },
      assign: {
        deployment: x`$merge([$deployment, (${isOfThisSide}) ? {'handOver': $merge([$deployment.handOver, {'answers': $states.result}])} : {}])`,
      },
      next: of.next,
    }),
  };
}
