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

/** Runs of the sweep; the seeds are 1, 2, 3 …, so that a run that broke can be repeated. */
const runs = Number(process.env.SIMULATED_RUNS ?? 200);
const atOnce = 20;

let stage: Stage | undefined;
afterEach(() => stage?.close());

const chunks = Array.from({ length: Math.ceil(runs / atOnce) }, (_, index) => index * atOnce + 1);

describe('whatever chance puts together', () => {
  test.each(chunks)(
    'holds every invariant, and ends truthfully: 20 seeds from %i on',
    { timeout: 120_000 },
    async (first) => {
      for (let seed = first; seed < first + atOnce; seed += 1)
        expect({ ...(await playSeed(seed)) }).toMatchObject({ lies: [], broken: [], repeated: [] });
    },
  );
});

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
