import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readQuestion } from '../approval/question.ts';
import { readSaw, Visitor } from '../approval/visitor.ts';
import { Stage } from './stage.ts';

const went = 'Went back: blue serves production';
const refused = 'Going back refused: nothing was changed';
const stayed = 'Did not go back: green serves production';
const asks = { approval: { withinHours: 1 } };

let stage: Stage;
let run: string;
/** What somebody does with a question about going back; undefined: nothing. */
let answer: ((question: ReturnType<typeof readQuestion>) => Promise<number>) | undefined;
const sent: number[] = [];

/** Opens the page of a question and sends its form, as a person does. */
async function decide(
  question: ReturnType<typeof readQuestion>,
  form: Record<string, string>,
): Promise<number> {
  const visitor = new Visitor(stage.account.endpoint);
  const page = await visitor.get(question.decideCode);
  const origin = { headers: { origin: 'http://127.0.0.1' } };
  const phrase = String(question.json.typeToDecide);
  const all = { phrase, name: 'Bob Example', reason: 'as the test says', saw: readSaw(page.text), ...form };
  return (await visitor.post(question.decideCode, all, origin)).status;
}

/** A run whose request asks people, up to its bake; then it is stopped, so that what follows is of people alone. */
async function bake(): Promise<void> {
  await bakeOn();
  await stage.clock.run(stage.account.states.stopExecution(run));
}

/** The same, and it goes on. */
async function bakeOn(): Promise<void> {
  stage = await Stage.open();
  stage.account.sns.onMessage((message) => {
    if (message.topicArn !== stage.account.topics.approvals) return;
    const question = readQuestion(message);
    if (question.occasion !== 'ask') return;
    const act = question.json.goingBack
      ? answer
      : (one: typeof question) => decide(one, { answer: 'approve' });
    stage.clock.after(60_000, () => {
      if (act) void stage.clock.during('person', async () => sent.push(await act(question)));
    });
  });
  run = stage.start({}, asks);
  await stage.until(run, 'Bake');
}

const goBack = (input: object = {}) =>
  stage.account.states.startExecution({
    stateMachineArn: stage.account.rollBackMachineArn,
    input: JSON.stringify({ executionArn: run, ...input }),
  }).executionArn;

/** What a run is told of what it did, newest last. */
const lastMessage = () => stage.account.sns.messages.at(-1)?.message.replace(/\s+/g, ' ') ?? '';

/** The first announcement of a kind. */
const textOf = (kind: string) =>
  stage.account.sns.messages
    .find(({ attributes }) => attributes.kind?.StringValue === kind)
    ?.message.replace(/\s+/g, ' ');

const fenced = (execution: string) => stage.path(execution).includes('Fence new production');

describe('StartExecution alone', () => {
  beforeAll(bake);
  afterAll(() => stage.close());

  it('five times by hand, changes nothing: nobody is kept from writing, and nothing is marked', async () => {
    answer = undefined;
    const executions = [1, 2, 3, 4, 5].map(() => goBack({ requestedBy: 'the run itself' }));
    for (const execution of executions) {
      expect(await stage.finish(execution)).toBe(refused);
      expect(fenced(execution)).toBe(false);
    }
    expect(stage.plane.writable()).toEqual([stage.production()]);
    expect(stage.serves()).toBe('green');
  });

  it('cannot take the name of the execution that the run itself would start', async () => {
    answer = undefined;
    const named = stage.account.states.startExecution({
      stateMachineArn: stage.account.rollBackMachineArn,
      name: `${run.split(':').at(-1)?.slice(0, 40)}-back-${'0'.repeat(32)}`,
      input: JSON.stringify({ executionArn: run, requestedBy: 'the run itself' }),
    }).executionArn;
    expect(await stage.finish(named)).toBe(refused);
    expect(fenced(named)).toBe(false);
  });

  it('accepts no loss: a statement in the input asks people, and nobody else', async () => {
    answer = undefined;
    const back = goBack({ acceptLoss: { statement: 'lose rows of public.items in stock' } });
    expect(await stage.finish(back)).toBe(stayed);
    expect(fenced(back)).toBe(false);
    expect(lastMessage()).toContain('has stated no loss');
  });
});

describe('with people', () => {
  beforeAll(bake);
  afterAll(() => stage.close());

  it('a no ends it, before anything is closed', async () => {
    answer = (question) => decide(question, { answer: 'reject' });
    const back = goBack();
    expect(await stage.finish(back)).toBe(refused);
    expect(fenced(back)).toBe(false);
    expect(lastMessage()).toContain('said no');
  });

  it('the person who asks for it cannot say yes', async () => {
    answer = (question) => decide(question, { answer: 'approve', name: 'Ada Example' });
    expect(await stage.finish(goBack({ requestedBy: 'ada  example' }))).toBe(refused);
    expect(sent.at(-1)).toBe(422);
  });

  it('a difference stays on new production, and pauses the next start', async () => {
    answer = (question) => decide(question, { answer: 'approve' });
    stage.databases.behaviour.differing = 1;
    expect(await stage.finish(goBack())).toBe(stayed);
    const soon = goBack();
    expect(await stage.finish(soon)).toBe(stayed);
    expect(fenced(soon)).toBe(false);
    expect(lastMessage()).toMatch(/start again from/);
  });

  it('a stated loss is accepted by typing it where the yes is given, and only so', async () => {
    const first = stage.goingsBack().map((arn) => stage.account.states.getExecutionHistory(arn));
    const text = JSON.stringify(first);
    const statement = /lose [^"\\]*/.exec(text)?.[0] ?? '';
    expect(statement).toMatch(/^lose rows of /);
    await stage.clock.run(stage.clock.sleep(3_600_000));
    answer = (question) => decide(question, { answer: 'approve' });
    expect(await stage.finish(goBack({ acceptLoss: { statement } }))).toBe(refused);
    expect(sent.at(-1)).toBe(422);
    answer = (question) => decide(question, { answer: 'approve', statement: 'lose nothing' });
    expect(await stage.finish(goBack({ acceptLoss: { statement } }))).toBe(refused);
    answer = (question) => decide(question, { answer: 'approve', statement });
    const back = goBack({ acceptLoss: { statement } });
    expect(await stage.finish(back)).toBe(went);
    expect(lastMessage()).toContain('Bob Example');
    expect(stage.serves()).toBe('blue');
  });
});

describe('what the bake itself decides', () => {
  beforeAll(async () => {
    answer = undefined;
    stage = await Stage.open();
    stage.account.sns.onMessage((message) => {
      if (message.topicArn !== stage.account.topics.approvals) return;
      const question = readQuestion(message);
      if (question.occasion !== 'ask' || question.json.goingBack) return;
      stage.clock.after(60_000, () => {
        void stage.clock.during('person', () => decide(question, { answer: 'approve' }));
      });
    });
    run = stage.start({ onFailure: 'go-back' }, asks);
    await stage.until(run, 'Bake');
  });
  afterAll(() => stage.close());

  it('needs no further yes', async () => {
    await stage.alarm('ALARM');
    expect(await stage.finish(run)).toBe(went);
    const [back = ''] = stage.goingsBack();
    expect(stage.path(back)).not.toContain('Get the approval of every group');
    expect(back.split(':').at(-1)).toMatch(/-back-[0-9a-f]{32}$/);
  });
});

describe('a bake that failed, where people decide', () => {
  const kinds = () =>
    stage.account.sns.messages
      .filter(({ topicArn }) => topicArn === stage.account.topics.announcements)
      .map(({ attributes }) => attributes.kind?.StringValue);
  const untilAsked = async () => {
    await bakeOn();
    await stage.alarm('ALARM');
    return stage.finish(run);
  };
  afterEach(() => stage.close());

  it('asks the groups by link and page, and goes back when they say yes', async () => {
    answer = (question) => decide(question, { answer: 'approve' });
    expect(await untilAsked()).toBe(went);
    expect(stage.serves()).toBe('blue');
    expect(kinds()).toEqual([
      ...['started', 'green-ready', 'window-open', 'cut-done'],
      ...['go-back-asked', 'going-back', 'outcome', 'outcome'],
    ]);
    expect(textOf('going-back')).toContain('Who said yes: Bob Example for approvers (attested)');
  });

  it('stays when they say no, and tells who said it and why', async () => {
    answer = (question) => decide(question, { answer: 'reject', reason: 'sales are running' });
    expect(await untilAsked()).toBe('Green serves production, clean-up incomplete');
    expect(stage.serves()).toBe('green');
    const subjects = stage.announcements();
    expect(subjects).toContainEqual(expect.stringMatching(/^\[ACT\] People said no\. Going back refused/));
    expect(textOf('outcome')).toMatch(/Bob Example \(attested\) rejected it: sales are running/);
  });

  it('reminds, calls for the last time, and tells that nobody has decided', async () => {
    answer = undefined;
    expect(await untilAsked()).toBe('Green serves production, clean-up incomplete');
    // The execution that asks calls for the last time, and ends, in the same moments as the run.
    expect(kinds().toSorted()).toEqual(
      [
        ...['started', 'green-ready', 'window-open', 'cut-done', 'go-back-asked', 'go-back-reminded'],
        ...['go-back-last-call', 'approval', 'outcome', 'outcome'],
      ].toSorted(),
    );
    expect(lastMessage()).toContain('nobody has decided whether to go back (deadline');
    expect(stage.announcements().at(-1)).toMatch(/^\[PAGE\] New production is not well/);
  });

  it('asks nobody by page where the request asks nobody', async () => {
    stage = await Stage.open();
    run = stage.start();
    await stage.until(run, 'Bake');
    await stage.alarm('ALARM');
    await stage.finish(run);
    expect(stage.goingsBack()).toEqual([]);
    expect(stage.path(run)).not.toContain('Ask the people of the approval');
  });
});
