import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AwsError } from '../../packages/local-aws/wire/service.ts';
import { approvalOfAGroup } from '../../statemachine/source/approval-of-a-group.ts';
import { handOverOfOne } from '../../statemachine/source/hand-over.ts';
import { readQuestion } from '../approval/question.ts';
import { readSaw, Visitor } from '../approval/visitor.ts';
import { allPlaces, placesOf } from '../simulation/coverage.ts';
import { rollBack } from '../statemachine/machine.ts';
import { Stage } from './stage.ts';

const went = 'Went back: blue serves production';
const refused = 'Going back refused: nothing was changed';
const stayed = 'Did not go back: green serves production';
const incomplete = 'Going back incomplete: look before any retry';

const arn = (name: string) => `arn:aws:lambda:eu-west-1:111122223333:function:viridian-hook-${name}`;
const pass = { verdict: 'pass', because: 'done' };
const fail = { verdict: 'fail', because: 'not now' };

/** One execution that goes back: what is wrong while it runs, and how it ends. */
interface Row {
  what: string;
  /** The function that fails, every time or the first times. */
  crashes?: string;
  times?: number;
  /** It fails from its second call in this execution on, with this error. */
  later?: string;
  /** The looks of this function are not heard any more, also in later rows. */
  silent?: string;
  /** No function can be warmed. */
  cold?: true;
  /** Said by the hooks. */
  hooks?: { stopWrites?: unknown; resumeWrites?: unknown };
  arrange?: (stage: Stage) => void;
  input?: object;
  /** The loss that a person accepts. */
  accept?: string;
  compare?: 'none';
  /** Nobody answers a question. */
  silences?: true;
  /** The input names nobody. */
  nameless?: true;
  /** Afterwards the way back of the run is closed. */
  end: string;
}

const visited = new Set<string>();

/** Ways that no execution can take, and why. */
const unreachable: Record<string, string> = {
  'Does the address lead to blue? [rule 4] Record outcome':
    'a look ends with the deadline: only one that is answered in its last second sees the first rename after it',
  'Hand over to the consumers [catch States.ALL] Put back what was dropped':
    'the hook of each consumer catches whatever it meets',
};

/** The states that each group and each consumer go through are those of a run, and `test/simulation` takes every way through them. */
const inAMap = [...Object.keys(approvalOfAGroup({}).states), ...Object.keys(handOverOfOne.states)];

/** A person opens the page of each question and says yes, while there is anybody. */
function answerQuestions(stage: Stage, isThere: () => boolean): void {
  const { account, clock } = stage;
  account.sns.onMessage((message) => {
    if (message.topicArn !== account.topics.approvals || !isThere()) return;
    const { decideCode: code, json } = readQuestion(message);
    const visitor = new Visitor(account.endpoint);
    const { statement } = (json.goingBack ?? {}) as { statement?: string | null };
    const form = {
      answer: 'approve',
      phrase: String(json.typeToDecide),
      name: 'Bob Example',
      reason: '',
      ...(statement && { statement }),
    };
    const open = async () => {
      const saw = readSaw((await visitor.get(code)).text);
      await visitor.post(code, { ...form, saw }, { headers: { origin: 'http://127.0.0.1' } });
    };
    clock.after(60_000, () => void clock.during('person', open));
  });
}

/** What is asked for, and of whom. */
interface Setting {
  /** People are asked. */
  approval?: object;
  hooks?: object;
  wayBack?: object;
  consumers?: string[];
  record?: 'byRecord';
}

/** Rows follow each other on the same databases, as executions that a person starts one after the other. */
function play(rows: Row[], { record, wayBack, ...request }: Setting = {}): void {
  let stage: Stage;
  let run: string;
  let row: Row = { what: 'nothing', end: '' };
  let crashes = 0;
  beforeAll(async () => {
    stage = await Stage.open(record);
    for (const name of ['stopWrites', 'resumeWrites'] as const)
      stage.account.lambda.register(`viridian-hook-${name}`, (payload) => {
        const { token } = payload as { token?: string };
        const said = row.hooks && name in row.hooks ? row.hooks[name] : pass;
        if (said instanceof Error) throw said;
        if (token)
          stage.clock.after(1_000, () => stage.account.states.sendTaskSuccess(token, JSON.stringify(said)));
        return said;
      });
    answerQuestions(stage, () => row.silences !== true);
    run = stage.start(wayBack, request);
    await stage.until(run, 'Bake');
    // What a person starts needs no run that waits for it; and this one would close its way back.
    await stage.clock.run(stage.account.states.stopExecution(run));
    stage.interfere = (key) => {
      if (key !== row.crashes || crashes === row.times) return undefined;
      crashes += 1;
      if (row.later)
        return crashes === 1 ? undefined : { refuse: new AwsError(row.later, 'made by the test') };
      return { refuse: new AwsError('Lambda.Unknown', 'made by the test') };
    };
  });
  afterAll(() => stage.close());

  it.each(rows)('$what: $end', async (next) => {
    // What earlier rows have held is no part of this one: `start-budget.ts`.
    await stage.clock.run(stage.clock.sleep(3_600_000));
    row = next;
    crashes = 0;
    stage.canWarm = !next.cold;
    const behaviour = { ...stage.databases.behaviour };
    next.arrange?.(stage);
    if (next.silent) stage.account.lambda.register(`viridian-rehearsal-${next.silent}`, () => null);
    const { states, rollBackMachineArn } = stage.account;
    const acceptLoss = next.accept && { acceptLoss: { statement: next.accept } };
    const requestedBy = next.nameless ? undefined : 'a test';
    const asked = { executionArn: run, requestedBy, compare: next.compare, ...acceptLoss };
    const input = JSON.stringify(next.input ?? asked);
    const back = states.startExecution({ stateMachineArn: rollBackMachineArn, input }).executionArn;
    const end = await stage.finish(back);
    for (const place of await placesOf(rollBack, states.getExecutionHistory(back))) visited.add(place);
    expect(end).toBe(next.end);
    expect(stage.doubleWriters()).toEqual([]);
    if (next.compare && !next.nameless)
      expect(stage.account.sns.messages.at(-1)?.message.replace(/\s+/g, ' ')).toContain(
        '"a test" lowered how',
      );
    if (next.end === stayed) expect(stage.plane.writable()).toEqual([stage.production()]);
    Object.assign(stage.databases.behaviour, behaviour);
  });
}

const neverDone = ({ databases, clock }: Stage) =>
  Object.assign(databases.behaviour, { endless: () => clock.sleep(8_000) });

describe('until the point of no return production stays on new production when', () => {
  play([
    { what: 'the input is wrong', input: { executionArn: 'one' }, end: refused },
    { what: 'readTheRun fails', crashes: 'readTheRun', end: incomplete },
    { what: 'it cannot begin', crashes: 'readTheRun', later: 'Lambda.Unknown', end: incomplete },
    { what: 'another one has begun', crashes: 'readTheRun', later: 'BlueGreen.RequestInvalid', end: refused },
    {
      what: 'the way back is closed meanwhile',
      crashes: 'readTheRun',
      later: 'BlueGreen.PreconditionFailed',
      end: stayed,
    },
    ...['fenceNewProduction', 'attachTheRollbackTarget', 'waitForTheLastChanges', 'checkForOtherWriters']
      .concat(['compareBothSides', 'detachTheRollbackTarget', 'setTheSequences'])
      .map((key) => ({ what: `${key} fails`, crashes: key, end: stayed })),
    {
      what: 'the last changes do not arrive',
      arrange: ({ databases }) => Object.assign(databases.behaviour, { drains: false }),
      end: stayed,
    },
    { what: 'the comparison does not end', arrange: neverDone, end: stayed },
    {
      what: 'a table differs, and new production cannot be opened',
      arrange: ({ databases }) => Object.assign(databases.behaviour, { differing: 1 }),
      crashes: 'stayOnNewProduction',
      end: incomplete,
    },
    {
      what: 'a table differs, and nobody can record it',
      arrange: ({ databases }) => Object.assign(databases.behaviour, { differing: 1 }),
      crashes: 'recordOutcome',
      end: stayed,
    },
    {
      what: 'a table differs, and nobody can be told',
      arrange: ({ databases }) => Object.assign(databases.behaviour, { differing: 1 }),
      crashes: 'notify',
      end: stayed,
    },
  ]);
});

describe('from there on it is finished by a later execution when', () => {
  play([
    { what: 'a rename fails', crashes: 'swapTheEndpoint', end: incomplete },
    { what: 'a look at the endpoint fails', crashes: 'waitForTheEndpoint', end: incomplete },
    { what: 'the application cannot be admitted', crashes: 'admitTheApplication', end: incomplete },
    { what: 'blue cannot be opened', crashes: 'openBlueForWrites', end: incomplete },
    { what: 'nobody can verify', crashes: 'verifyGoingBack', end: incomplete },
    { what: 'what was dropped cannot be put back', crashes: 'putBackWhatWasDropped', end: went },
    { what: 'the way back cannot be closed', crashes: 'closeTheWayBack', end: went },
  ]);
});

describe('it goes on when', () => {
  play([
    { what: 'nobody can be told, and no function can be warmed', crashes: 'announce', cold: true, end: went },
  ]);
});

describe('consumers of changes are told to people when', () => {
  play([{ what: 'nobody can find where they go on', crashes: 'findWhereConsumersGoOn', end: went }], {
    consumers: ['cdc'],
  });
});

/** A person stops the execution while it waits. */
function stopLater({ account: { states, rollBackMachineArn }, clock }: Stage): void {
  clock.after(30_000, () => {
    const [open] = states.listExecutions(rollBackMachineArn, 'RUNNING');
    const task = open?.history.events.findLast((event) => event.taskScheduledEventDetails);
    const token = /"token":"([^"]+)"/.exec(task?.taskScheduledEventDetails?.parameters ?? '')?.[1];
    states.sendTaskFailure(token ?? '', 'BlueGreen.StopRequested', 'lunch');
  });
}

const differ =
  (differing: number) =>
  ({ databases }: Stage) =>
    Object.assign(databases.behaviour, { differing });
const stuck = ({ databases }: Stage) => Object.assign(databases.behaviour, { drains: false });
const one = 'lose rows of public.t1 in shop';
const two = 'lose rows of public.t1 in shop, rows of public.t2 in shop';

describe('tables that differ', () => {
  play([
    { what: 'are accepted before they were stated', accept: one, end: stayed },
    { what: 'are stated', arrange: differ(1), end: stayed },
    { what: 'are accepted by a wrong text', accept: 'yes', end: stayed },
    { what: 'are more than was accepted', arrange: differ(2), accept: one, end: stayed },
    {
      what: 'are accepted by an older text',
      arrange: differ(1),
      accept: 'lose rows of public.t9 in shop',
      end: stayed,
    },
    { what: 'are fewer than was accepted', arrange: differ(1), accept: two, end: went },
  ]);
});

describe('tables that are too large to compare', () => {
  play([
    { what: 'are compared for a quarter of an hour', arrange: neverDone, end: stayed },
    { what: 'are compared where nobody says who wants less', compare: 'none', nameless: true, end: refused },
    { what: 'are not compared where the input says so', arrange: neverDone, compare: 'none', end: went },
  ]);
});

describe('changes that do not arrive', () => {
  const since = 'lose everything since 0/9 in shop';
  play([
    {
      what: 'are waited for until a person stops it',
      arrange: (stage) => {
        stuck(stage);
        stopLater(stage);
      },
      end: stayed,
    },
    { what: 'cannot be stated', arrange: stuck, crashes: 'stateTheLoss', end: stayed },
    { what: 'are stated', arrange: stuck, end: stayed },
    {
      what: 'are accepted, and blue cannot be opened',
      arrange: stuck,
      accept: since,
      crashes: 'openBlueForWrites',
      end: incomplete,
    },
    { what: 'are accepted, and a second execution finishes', accept: since, end: went },
  ]);
});

describe('a rename that is through at the first look', () => {
  // Six retries wait for a minute, give or take their jitter: a quick rename is through by then.
  const quickly = ({ account }: Stage) => Object.assign(account.rds.timings, { rename: 5_000 });
  play([
    { what: 'the other one follows', crashes: 'waitForTheEndpoint', times: 6, arrange: quickly, end: went },
  ]);
});

describe('a run without a way back', () => {
  play([{ what: 'nothing is done', end: stayed }], { wayBack: { login: undefined } });
});

describe('a record of Route 53', () => {
  play(
    [
      { what: 'leads to blue, and a look fails', crashes: 'waitForTheDnsTtl', end: incomplete },
      { what: 'leads to blue, and clients have learnt it', end: went },
    ],
    { record: 'byRecord' },
  );
});

describe('a record of Route 53 with a TTL', () => {
  play([{ what: 'no look is heard', silent: 'waitForTheDnsTtl', end: incomplete }], {
    record: 'byRecord',
  });
});

describe('an endpoint that does not move in time', () => {
  play([{ what: 'no look at it is heard', silent: 'waitForTheEndpoint', end: incomplete }]);
});

describe('people who are asked', () => {
  play(
    [
      { what: 'nobody answers', silences: true, end: refused },
      { what: 'they say yes', end: went },
    ],
    { approval: { withinHours: 1 }, consumers: ['cdc'], hooks: { handOver: { arn: arn('stopWrites') } } },
  );
});

describe('hooks that answer at once', () => {
  const hooks = { stopWrites: { arn: arn('stopWrites') }, resumeWrites: { arn: arn('resumeWrites') } };
  play(
    [
      { what: 'stopWrites says no', hooks: { stopWrites: fail }, end: stayed },
      {
        what: 'stopWrites breaks, and so does resumeWrites',
        hooks: { stopWrites: new Error('broken'), resumeWrites: new Error('broken') },
        end: stayed,
      },
      { what: 'resumeWrites says no', hooks: { resumeWrites: fail }, end: went },
    ],
    { hooks },
  );
});

describe('hooks that answer later', () => {
  const later = { callback: true, withinMinutes: 5 };
  const hooks = {
    stopWrites: { arn: arn('stopWrites'), ...later },
    resumeWrites: { arn: arn('resumeWrites'), ...later },
  };
  play(
    [
      { what: 'stopWrites breaks', hooks: { stopWrites: new Error('broken') }, end: stayed },
      { what: 'resumeWrites breaks', hooks: { resumeWrites: new Error('broken') }, end: went },
    ],
    { hooks },
  );
});

it('between them the executions enter every state and take every way that can be taken', () => {
  const outer = allPlaces(rollBack).filter((place) => !inAMap.some((state) => place.startsWith(state)));
  expect(outer.filter((place) => !visited.has(place))).toEqual(Object.keys(unreachable));
});
