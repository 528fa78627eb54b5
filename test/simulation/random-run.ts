import { ends, isEndName } from '../../functions/domain/model/ends.ts';
import { takeBaseline } from '../../rehearsal/invariants/gather.ts';
import { allKinds } from './databases.ts';
import { wireHeals } from './faults.ts';
import { seeded } from './pace.ts';
import { planAtRandom } from './random-plan.ts';
import { reportEnd } from './reconcile.ts';
import { readEnding, requestOf, start, waitForEnd } from './run.ts';
import { countAccepted, hour, type Stage, setStage } from './stage.ts';

/** A run that chance put together, and everything that must not be in it. */
export interface PlayedSeed {
  seed: number;
  kind: string;
  story: string[];
  end: string;
  error: string | undefined;
  lies: string[];
  broken: unknown[];
  repeated: string[];
}

/** How a seed that broke something is played again, what broke and what happened in it; undefined of one in which everything held. */
export function tell({ seed, kind, story, end, lies, broken, repeated }: PlayedSeed): string | undefined {
  if (lies.length + broken.length + repeated.length === 0) return undefined;
  const found = JSON.stringify({ lies, broken, repeated });
  return `npm run simulate -- --seeds 1 --from ${seed}: ${kind}, ${end}: ${found} ${JSON.stringify(story)}`;
}

/** One seed in ten, of each kind of database, sends its calls over the wire; the others hand them over, which takes a third of the time. */
export const isOfTheWire = (seed: number): boolean => Math.floor(seed / allKinds.length) % 10 === 0;

/** Plays the run of a seed. The same seed gives the same run. */
export async function playSeed(seed: number): Promise<PlayedSeed> {
  const random = seeded(seed);
  const kind = allKinds[seed % allKinds.length] ?? allKinds[0];
  if (!kind) throw new Error('there is no kind');
  const plan = planAtRandom(random);
  const stage = await setStage(kind, { ...plan.options, directCalls: !isOfTheWire(seed) });
  try {
    for (const trouble of plan.troubles) trouble(stage);
    stage.baseline = takeBaseline(stage.account, kind.database);
    const executionArn = start(stage, requestOf(kind, plan.ask(kind)));
    await waitForEnd(stage, executionArn);
    return { seed, kind: kind.name, story: plan.story, ...(await judge(stage, executionArn)) };
  } finally {
    stage.close();
  }
}

async function judge(stage: Stage, executionArn: string) {
  // Whatever somebody else had begun on the databases is over then.
  await stage.clock.run(stage.clock.sleep(hour / 2));
  // What could not be told at the end is told when everything works again.
  wireHeals(stage);
  stage.functionRules.splice(0);
  await reportEnd(stage, executionArn);
  const { end, serves, error, broken } = readEnding(stage, executionArn);
  const promised = isEndName(end) ? ends[end].serves : `nothing: ${end}`;
  return {
    end,
    error,
    lies: promised === 'unknown' || promised === serves ? [] : [`${end}, and ${serves} serves`],
    broken,
    repeated: once.filter((call) => countAccepted(stage, call) > 1),
  };
}

const once = [
  'CreateBlueGreenDeployment',
  'SwitchoverBlueGreenDeployment',
  'CreateDBSnapshot',
  'CreateDBClusterSnapshot',
];
