import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { handler } from '../../functions/events/reconcile.ts';
import { AwsError } from '../../packages/local-aws/wire/service.ts';
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
    // What still stands is said every hour; that an execution was stopped is not.
    const later = await look();
    expect(later.filter((message) => !message.startsWith('[PAGE] Still there'))).toEqual([]);
  });
});

it('is silent about an execution that has told by itself', async () => {
  const run = stage.start();
  await stage.until(run, 'Bake');
  const back = stage.goBack(run);
  await stage.finish(back);
  expect(await ended(back)).toEqual([]);
});

describe('an execution that could not go back', () => {
  const refused = 'Going back refused: nothing was changed';
  /** The last announcement, without its line breaks. */
  const told = () => {
    const { subject, message } = stage.account.sns.messages.at(-1) ?? {};
    return { subject, text: message?.replace(/\s+/g, ' ') ?? '' };
  };
  const start = (input: object) =>
    stage.account.states.startExecution({
      stateMachineArn: stage.account.rollBackMachineArn,
      input: JSON.stringify(input),
    }).executionArn;

  it('names the run that it was given, when the run cannot be read', async () => {
    const unknown = 'arn:aws:states:eu-west-1:111122223333:execution:viridian:friday';
    expect(await stage.finish(start({ executionArn: unknown }))).toBe(refused);
    const { subject, text } = told();
    expect(subject).toBe(`[ACT] ${refused} (database of run friday)`);
    expect(text).toContain('Going back was refused before anything was changed');
    expect(text).toContain(
      'This execution opened and closed nothing: the database that took writes before still takes them',
    );
    expect(text).toContain(`aws stepfunctions describe-execution --execution-arn ${unknown}`);
    expect(text).toContain(`start roll-back again: {"executionArn": "${unknown}"}`);
    expect(text).toContain(`Undoes ${unknown}`);
    expect(text).not.toMatch(/without a name|not known|incomplete/);
  });

  it('is told of as refused also where it could not tell by itself', async () => {
    stage.refuse = (operation) =>
      operation === 'Publish' ? { before: { refuse: new AwsError('AccessDenied', 'no') } } : undefined;
    const back = start({ executionArn: 'orders' });
    expect(await stage.finish(back)).toBe(refused);
    stage.refuse = () => undefined;
    const [message, ...more] = await ended(back);
    expect(more).toEqual([]);
    expect(message?.split('\n')[0]).toContain(refused);
  });

  it('says that it was given an execution that goes back, and fences nothing', async () => {
    const run = stage.start();
    await stage.until(run, 'Bake');
    Object.assign(stage.databases.behaviour, { differing: 1 });
    const back = stage.goBack(run);
    await stage.finish(back);
    const fences = () => stage.databases.asked.filter((ask) => ask === 'fence').length;
    const before = fences();
    expect(await stage.finish(start({ executionArn: back }))).toBe(
      'Did not go back: green serves production',
    );
    expect(told().text).toContain(
      'it is an execution that goes back; give the ARN of the run that it undoes',
    );
    expect(fences()).toBe(before);
  });

  it.each([{}, { executionArn: 7 }, { executionArn: 'orders' }])(
    'says what to give, when it was started with %j',
    async (input) => {
      expect(await stage.finish(start(input))).toBe(refused);
      const { text } = told();
      expect(text).toContain('executionArn: is not the ARN of an execution; give that of the run');
      expect(text).toMatch(/about the input: correct it .*, then start roll-back again: \{"executionArn": "/);
      expect(text).not.toMatch(/without a name|describe-execution/);
    },
  );

  it('says that nothing was changed, when the way back is closed', async () => {
    const run = stage.start();
    await stage.finish(run);
    await stage.finish(stage.goBack(run));
    const { text } = told();
    expect(text).toContain('Going back was refused before anything was changed');
    expect(text).toContain('Nothing is urgent: the application works on new production as before');
    expect(text).toContain(`Undoes ${run}`);
    expect(text).toContain('Do not point the application at old blue by hand');
  });

  it('says that production is open again, and how to try again or stay', async () => {
    const run = stage.start();
    await stage.until(run, 'Bake');
    Object.assign(stage.databases.behaviour, { differing: 1 });
    await stage.finish(stage.goBack(run));
    const { text } = told();
    const places = [
      'Going back was begun and given up. New production is open for writing',
      'orders is new production, the former green',
      'old blue',
      'First look whether the application writes again',
      `start roll-back once more with the same input. It is for the run ${run}, which waits for that`,
      'To stay: do nothing',
    ].map((said) => text.indexOf(said));
    expect(places.every((place) => place > 0)).toBe(true);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  });
});
