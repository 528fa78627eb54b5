import { createHash } from 'node:crypto';
import { expect } from 'vitest';

let last = '';
let played = 0;

/**
 * Whether the calls of the next run are handed over as they are, which takes a third of the time, or go over the wire: written, signed
 * and parsed. The wire keeps one run in ten, chosen by a hash of the test's name and by which run of the test it is;
 * `SIMULATED_CALLS=wire` sends all of them over it.
 */
export function callsAreDirect(): boolean {
  const { currentTestName = '' } = expect.getState();
  played = currentTestName === last ? played + 1 : 1;
  last = currentTestName;
  return process.env.SIMULATED_CALLS !== 'wire' && !isOfTheWire(`${currentTestName} ${played}`);
}

function isOfTheWire(run: string): boolean {
  return createHash('sha256').update(run).digest().readUInt32BE() % 10 === 0;
}
