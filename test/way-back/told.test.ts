import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { handler } from '../../functions/events/reconcile.ts';
import { Stage } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await Stage.open();
});
afterEach(() => stage.close());

const hour = 3_600_000;

/** An execution that goes back and is stopped by a person while a function is invoked for the first time. */
async function stopIn(key: string): Promise<string> {
  const run = stage.start();
  await stage.until(run, 'Bake');
  const back = stage.goBack(run);
  stage.interfere = (invoked, invocation) => {
    if (invoked === key && invocation === 1)
      void stage.account.states.stopExecution(back, undefined, 'lunch');
    return undefined;
  };
  await stage.clock.run(stage.account.states.settled(back));
  return back;
}

/** What reconcile tells because of an event. */
async function tell(event: object): Promise<string[]> {
  const { messages } = stage.account.sns;
  const before = messages.length;
  await stage.clock.run(stage.clock.during('reconcile', () => handler(event)));
  return messages.slice(before).map(({ subject, message }) => `${subject}\n${message}`);
}
const ended = (executionArn: string) => tell({ source: 'aws.states', detail: { executionArn } });

describe('an execution that goes back and is stopped', () => {
  it.each([
    ['compareBothSides', 'Going back incomplete', 'takes no writes', 'takes no writes'],
    ['waitForTheEndpoint', 'Going back incomplete', 'takes no writes', 'takes no writes'],
    ['closeTheWayBack', 'Went back: blue serves production', 'takes no writes', 'TAKES WRITES'],
  ])('in "%s" is told of: %s, and which database takes writes', async (key, end, green, blue) => {
    const [message, ...more] = await ended(await stopIn(key));
    expect(more).toEqual([]);
    expect(message?.split('\n')[0]).toContain(end);
    expect(message).toMatch(new RegExp(`New production \\(db-\\w+\\): shop ${green}`));
    expect(message).toMatch(new RegExp(`Blue \\(db-\\w+\\): shop ${blue}`));
    expect(message).toMatch(/stopped\s+in\s+this\s+state: lunch/);
  });

  it('is told of by the hourly look where its event was lost, once', async () => {
    await stopIn('compareBothSides');
    const look = () => tell({ source: 'aws.events', time: new Date(stage.clock.now()).toISOString() });
    expect(await look()).toHaveLength(1);
    await stage.clock.run(stage.clock.sleep(hour));
    expect(await look()).toEqual([]);
  });
});

it('is silent about an execution that has told by itself', async () => {
  const run = stage.start();
  await stage.until(run, 'Bake');
  const back = stage.goBack(run);
  await stage.finish(back);
  expect(await ended(back)).toEqual([]);
});
