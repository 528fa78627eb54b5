import type { State } from '../level.ts';
import { accept } from './accept.ts';
import { build } from './build.ts';
import { buildRemoval } from './build-removal.ts';
import { close } from './close.ts';
import { cut } from './cut.ts';
import { cutResume } from './cut-resume.ts';
import { handOver } from './hand-over.ts';
import { hold } from './hold.ts';
import { holdPause } from './hold-pause.ts';
import { holdReads } from './hold-reads.ts';
import { prove } from './prove.ts';
import { wayBackAttach } from './way-back-attach.ts';
import { wayBackGoBack } from './way-back-go-back.ts';
import { wayBackSecure } from './way-back-secure.ts';

/** The states of each phase, by the files in which they are written. An outcome belongs to none. */
const phases = {
  Accept: accept,
  Build: { ...build, ...buildRemoval },
  Hold: { ...hold, ...holdPause, ...holdReads },
  Cut: { ...cut, ...cutResume, ...wayBackSecure },
  Prove: { ...handOver, ...prove, ...wayBackAttach, ...wayBackGoBack },
  Close: close,
};

/**
 * The steps of each phase by their names, with those inside its Maps, for functions, which hold no definition. Choices take no time and are
 * left out.
 */
export function writePhases(): string {
  const steps = Object.entries(phases).map(([phase, states]) => [
    phase,
    Object.entries<State>(states)
      .flatMap(([name, state]) => [name, ...innerStates(state(name))])
      .filter((name) => !name.endsWith('?')),
  ]);
  return JSON.stringify(Object.fromEntries(steps), null, 2);
}

const innerStates = ({ ItemProcessor }: ReturnType<State>): string[] =>
  Object.keys((ItemProcessor as { States?: object } | undefined)?.States ?? {});
