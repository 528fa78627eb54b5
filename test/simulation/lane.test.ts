import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { CallRecord } from '../../packages/local-aws/wire/endpoint.ts';
import { allKinds } from './databases.ts';
import { seeded } from './pace.ts';
import { planAtRandom } from './random-plan.ts';
import { finish, requestOf, start } from './run.ts';
import { setStage } from './stage.ts';

const seeds = Array.from({ length: 12 }, (_, index) => index + 1);
const seen: CallRecord[] = [];

/** Pauses before a retry are drawn with it. */
beforeEach(() => {
  vi.spyOn(Math, 'random').mockReturnValue(0.5);
});
afterEach(() => vi.restoreAllMocks());

describe('a run whose calls are handed over', () => {
  test.each(seeds)('is the run whose calls go over the wire: seed %i', async (seed) => {
    const direct = await playSeed(seed, true);
    const wire = await playSeed(seed, false);
    expect(direct.calls).toEqual(wire.calls);
    expect(direct.history).toEqual(wire.history);
  });

  test('had calls that were answered, refused and lost', () => {
    const kinds = seen.map(({ outcome }) => outcome.kind);
    expect(kinds).toEqual(expect.arrayContaining(['answered', 'refused', 'lost']));
  });
});

/** What chance puts together. Nobody is asked: what people are sent is sealed with a key of its own in every run. */
async function playSeed(seed: number, directCalls: boolean) {
  const plan = planAtRandom(seeded(seed));
  const kind = allKinds[seed % allKinds.length];
  if (!kind) throw new Error('there is no kind');
  const stage = await setStage(kind, { ...plan.options, directCalls });
  try {
    for (const trouble of plan.troubles) trouble(stage);
    const request = requestOf(kind, { ...plan.ask(kind), approval: { required: false } });
    const { evidence } = await finish(stage, start(stage, request, `seed-${seed}`));
    if (directCalls) seen.push(...stage.calls);
    // Calls that are sent side by side have no order among themselves.
    return { calls: asText(stage.calls).toSorted(), history: asText(evidence.history) };
  } finally {
    stage.close();
  }
}

const ids = /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/g;

/** Without the ids of calls and messages, which are new in every run. */
const asText = (records: readonly object[]): string[] =>
  records.map((record) => JSON.stringify(record, bytesAsText).replace(ids, 'id'));

/** Bytes that were read from a socket are of another class than copied ones. */
function bytesAsText(this: Record<string, unknown>, key: string, value: unknown): unknown {
  const bytes = this[key];
  return bytes instanceof Uint8Array ? Buffer.from(bytes).toString('base64') : value;
}
