import { afterEach, describe, expect, test } from 'vitest';
import { ends, isEndName } from '../../functions/domain/model/ends.ts';
import { takeBaseline } from '../../rehearsal/invariants/gather.ts';
import { allKinds } from './databases.ts';
import { wireHeals } from './faults.ts';
import { seeded } from './pace.ts';
import { planAtRandom } from './random-plan.ts';
import { reportEnd } from './reconcile.ts';
import { finish, readEnding, requestOf, start } from './run.ts';
import { countAccepted, hour, type Stage, setStage } from './stage.ts';

/** Runs of the sweep, and its first seed; `npm run simulate` gives others. A run that broke can be repeated by its seed. */
const runs = Number(process.env.SIMULATED_RUNS ?? 200);
const firstSeed = Number(process.env.SIMULATED_FROM ?? 1);
const atOnce = Math.min(20, runs);

let stage: Stage | undefined;
afterEach(() => stage?.close());

const chunks = Array.from({ length: Math.ceil(runs / atOnce) }, (_, index) => firstSeed + index * atOnce);

describe('whatever chance puts together', () => {
  test.each(chunks)(
    'holds every invariant, and ends truthfully: the seeds from %i on',
    { timeout: 120_000 },
    async (first) => {
      for (let seed = first; seed < Math.min(first + atOnce, firstSeed + runs); seed += 1) {
        const played = await playSeed(seed);
        expect(played, tell(played)).toMatchObject({ lies: [], broken: [], repeated: [] });
      }
    },
  );
});

/** How a seed that broke something is played again, and what happened in it. */
const tell = ({ seed, kind, story, end }: Awaited<ReturnType<typeof playSeed>>): string =>
  `npm run simulate -- --seeds 1 --from ${seed}: ${kind}, ${end}: ${JSON.stringify(story)}`;

async function playSeed(seed: number) {
  const random = seeded(seed);
  const kind = allKinds[seed % allKinds.length] ?? allKinds[0];
  if (!kind) throw new Error('there is no kind');
  const plan = planAtRandom(random);
  stage?.close();
  stage = await setStage(kind, plan.options);
  for (const trouble of plan.troubles) trouble(stage);
  stage.baseline = takeBaseline(stage.account, kind.database);
  const executionArn = start(stage, requestOf(kind, plan.ask(kind)));
  await finish(stage, executionArn);
  // Whatever somebody else had begun on the databases is over then.
  await stage.clock.run(stage.clock.sleep(hour / 2));
  // What could not be told at the end is told when everything works again.
  wireHeals(stage);
  stage.functionRules.splice(0);
  await reportEnd(stage, executionArn);
  const { end, serves, error, broken } = readEnding(stage, executionArn);
  const promised = isEndName(end) ? ends[end].serves : `nothing: ${end}`;
  return {
    seed,
    kind: kind.name,
    story: plan.story,
    end,
    error,
    lies: promised === 'unknown' || promised === serves ? [] : [`${end}, and ${serves} serves`],
    broken,
    repeated: once.filter((call) => countAccepted(stage as Stage, call) > 1),
  };
}

const once = [
  'CreateBlueGreenDeployment',
  'SwitchoverBlueGreenDeployment',
  'CreateDBSnapshot',
  'CreateDBClusterSnapshot',
];
