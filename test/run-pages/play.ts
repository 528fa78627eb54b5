import { type Answer, Visitor } from '../approval/visitor.ts';
import { Operator } from '../way-back/operator.ts';
import { Stage } from '../way-back/stage.ts';

/** What the pages showed at moments of one run, with the ARN of it. */
export interface Shown {
  run: string;
  building: Answer;
  asked: Answer;
  baking: Answer;
  ended: Answer;
  list: Answer;
  unknown: Answer;
}

export const nameOf = (executionArn: string): string => executionArn.split(':').at(-1) ?? '';

/** Reads the pages of runs as somebody in a browser of this machine. */
export class Reader {
  readonly #stage: Stage;

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  read(path: string, query = ''): Promise<Answer> {
    return this.#stage.clock.run(
      new Visitor(this.#stage.account.endpoint).send({ method: 'GET', path, query }),
    );
  }

  readRun(executionArn: string): Promise<Answer> {
    return this.read(`/runs/${nameOf(executionArn)}`);
  }
}

/** Plays a run with an approval, a way back and a bake, and reads its page on the way. */
export async function playPages(): Promise<Shown> {
  const stage = await Stage.open();
  try {
    const reader = new Reader(stage);
    const operator = new Operator(stage);
    const run = stage.start(
      {},
      { approval: { withinHours: 24, groups: [{ name: 'dba' }] }, ticket: 'CHG-7' },
    );
    await stage.until(run, 'Wait for green');
    await stage.clock.run(stage.clock.sleep(400_000));
    const building = await reader.readRun(run);
    await stage.until(run, 'Wait for approval');
    for (const lagMiB of [38, 52, 21, 9, 17, 3]) {
      stage.plane.behaviour.replication.lagBytes = lagMiB * 1_048_576;
      await stage.clock.run(stage.clock.sleep(300_000));
    }
    const asked = await reader.readRun(run);
    const list = await reader.read('/runs');
    await operator.approve('Bob Example');
    await stage.until(run, 'Bake');
    await stage.clock.run(stage.clock.sleep(300_000));
    const baking = await reader.readRun(run);
    await stage.finish(run);
    const ended = await reader.readRun(run);
    const unknown = await reader.read('/runs/of-somebody-else');
    return { run, building, asked, baking, ended, list, unknown };
  } finally {
    stage.close();
  }
}
