import { accept } from './accept.ts';
import { after } from './after.ts';
import { build } from './build.ts';
import { cut } from './cut.ts';
import { failover } from './failover.ts';
import { handOver } from './hand-over.ts';
import { hold } from './hold.ts';
import { hooks } from './hooks.ts';
import { loadTests, loadTestsRefused } from './load-test.ts';
import { members } from './members.ts';
import { putBack } from './put-back.ts';
import { readersGoBack, readRamp } from './read-ramp.ts';
import type { Scenario } from './scenario.ts';
import { statistics } from './statistics.ts';
import { stopAndTell } from './stop.ts';
import { wayBacks } from './way-back.ts';

export { hooks } from './hooks.ts';
export { wayBacks } from './way-back.ts';

/** The whole table, in the order of the phases. */
export const scenarios: Scenario[] = [
  ...accept,
  ...build,
  ...failover,
  ...loadTests,
  ...loadTestsRefused,
  ...members,
  ...hooks,
  ...statistics,
  ...hold,
  ...readRamp,
  ...cut,
  ...after,
  ...putBack,
  ...handOver,
  ...wayBacks,
  ...readersGoBack,
  ...stopAndTell,
];
