import type { Machine, Phase } from '../level.ts';
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
import type { RunState } from './names.ts';
import { outcome } from './outcome.ts';
import { prove } from './prove.ts';
import { wayBackAttach } from './way-back-attach.ts';
import { wayBackGoBack } from './way-back-go-back.ts';
import { wayBackSecure } from './way-back-secure.ts';

/** In the order in which a run that goes well comes to them. */
const states: Phase<RunState> = {
  ...accept,
  ...build,
  ...hold,
  ...holdPause,
  ...holdReads,
  ...cut,
  ...wayBackSecure,
  ...cutResume,
  ...handOver,
  ...wayBackAttach,
  ...prove,
  ...wayBackGoBack,
  ...close,
  ...buildRemoval,
  ...outcome,
};

export const blueGreenDeployment: Machine<RunState> = {
  comment:
    'Runs one RDS or Aurora blue/green deployment from request to new production. Every wait is one state that looks by a handler and is woken early by events; every path after the cut keeps production; every end names the side that serves.',
  seconds: 8_640_000,
  startAt: 'Accept the request',
  states,
};
