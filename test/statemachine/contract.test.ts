import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { type EndName, ends, rehearsalEnds } from '../../functions/domain/model/ends.ts';
import * as errors from '../../functions/domain/model/errors.ts';
import { longestRunSeconds } from '../../functions/domain/request/longest-run.ts';
import { expressionsIn, isFunction, variablesIn } from './expressions.ts';
import {
  allEdges,
  allStates,
  edgesOf,
  functionKey,
  handlerFile,
  isOurs,
  isOurWait,
  isStart,
  isTokenTask,
  type Level,
  levelsOf,
  listHandlers,
  type Machine,
  machine,
  machines,
  readFunctions,
  rollBack,
  type State,
} from './machine.ts';

type Validate = (definition: unknown) => { isValid: boolean; errorsText: (separator?: string) => string };
const validate = createRequire(import.meta.url)('asl-validator') as Validate;

const { raisedElsewhere, ...errorClasses } = errors;
const thrownNames: string[] = Object.values(errorClasses).map(
  (ErrorClass) => (Reflect.construct(ErrorClass, ['']) as Error).name,
);
const ourNames: string[] = [...thrownNames, ...Object.values(raisedElsewhere)];

/** Names that Step Functions, Lambda and its runtime raise. */
const platformNames = [
  'States.ALL',
  'States.Timeout',
  'States.HeartbeatTimeout',
  'Lambda.AWSLambdaException',
  'Lambda.ClientExecutionTimeoutException',
  'Lambda.SdkClientException',
  'Lambda.ServiceException',
  'Lambda.TooManyRequestsException',
  'Lambda.Unknown',
  'Runtime.ExitError',
  'Sandbox.Timedout',
];

/** Tasks that go by another state's handler. */
const sharedHandlers: Record<string, string> = {
  'Wait for green after its failover': 'Wait for green',
  'Wait to be resumed': 'Wait for green',
  'Lead reads back': 'Lead reads to green',
  'Wait for readers to come back': 'Watch the reads',
  'Remind of the question': 'Ask for approval',
  'Escalate the question': 'Ask for approval',
  'Check the way back on green': 'Check the way back',
  'Run the load test': 'Refresh the statistics of green',
  'Give up the way back': 'Close the way back',
  'Close the broken way back': 'Close the way back',
  'Close old blue': 'Fence the rollback target',
  'Announce the start': 'Announce',
  'Announce that green is ready': 'Announce',
  'Announce what production lacks': 'Announce',
  'Announce that the window is open': 'Announce',
  'Announce that writes are held': 'Announce',
  'Announce the cut': 'Announce',
  'Announce that there is no way back': 'Announce',
  'Announce that the way back broke': 'Announce',
  'Announce that the bake failed': 'Announce',
  'Ask whether to go back': 'Announce',
  'Remind of the question whether to go back': 'Announce',
  'Announce that production goes back': 'Announce',
  'Announce what becomes of old blue': 'Announce',
  'Begin to go back': 'Read the run',
};

/** The state machines that another one starts. */
const machinePlaceholders = ['rollBackMachine', 'runMachine'];

const namesOf = (states: [string, State][]) => states.map(([name]) => name);
const tasksOf = (outer: Machine) => allStates(outer).filter(([, { Type }]) => Type === 'Task');
const isChoice = (state: State | undefined) => state?.Type === 'Choice';

describe.each(machines)('$name', ({ machine: outer, text }) => {
  const states = allStates(outer);

  it('is valid Amazon States Language', () => {
    const concrete = JSON.parse(text.replaceAll(/\$\{partition\}/g, 'aws')) as unknown;
    const { isValid, errorsText } = validate(concrete);
    expect(isValid, errorsText('\n')).toBe(true);
    expect(outer.QueryLanguage).toBe('JSONata');
  });

  it('has a Comment on every state and on itself', () => {
    expect(outer.Comment).toBeTruthy();
    expect(namesOf(states.filter(([, state]) => !state.Comment))).toEqual([]);
  });

  it('names every state once, in sentence case; a choice asks a question', () => {
    const names = namesOf(states);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => !/^[A-Z](?:[a-z, :-]|\b[A-Z]{2,}\b)*\??$/.test(name))).toEqual([]);
    expect(
      states.filter(([name, state]) => isChoice(state) !== name.endsWith('?')).map(([name]) => name),
    ).toEqual([]);
  });

  it('has a time limit on itself and on every task', () => {
    expect(outer.TimeoutSeconds).toBeGreaterThan(0);
    expect(namesOf(tasksOf(outer).filter(([, { TimeoutSeconds }]) => !TimeoutSeconds))).toEqual([]);
  });

  it('only pauses for a short, fixed time: every longer wait is a look', () => {
    const pauses = states.filter(([, { Type }]) => Type === 'Wait').map(([, { Seconds }]) => Seconds);
    expect(pauses.every((seconds) => typeof seconds === 'number' && seconds <= 60)).toBe(true);
  });

  it('has a reason in every Fail', () => {
    const fails = states.filter(([, { Type }]) => Type === 'Fail');
    expect(namesOf(fails.filter(([, { Error: name, Cause }]) => !name || !Cause))).toEqual([]);
  });

  it('leaves no placeholder but the partition, the functions and the machines that it starts', () => {
    const placeholders = [...text.matchAll(/\$\{(\w*)\}/g)].map(([, key]) => key ?? '');
    const keys = tasksOf(outer)
      .filter(([, state]) => isOurs(state))
      .map(([name]) => functionKey(sharedHandlers[name] ?? name));
    expect(placeholders).toHaveLength(text.split('${').length - 1);
    const started = machinePlaceholders.filter((one) => text.includes(`\${${one}}`));
    expect(new Set(placeholders)).toEqual(new Set(['partition', ...keys, ...started]));
  });
});

describe.each(machines)('the errors of $name', ({ machine: outer, text }) => {
  const states = allStates(outer);
  const listed = states.flatMap(([name, { Retry = [], Catch = [] }]) =>
    [...Retry, ...Catch].flatMap(({ ErrorEquals }) => ErrorEquals.map((error) => ({ name, error }))),
  );

  it('are known names, never misspelt', () => {
    const known = [...ourNames, ...platformNames];
    expect(listed.filter(({ error }) => !known.includes(error))).toEqual([]);
    const written = [...text.matchAll(/BlueGreen\.\w+/g)].map(([name]) => name);
    expect(written.filter((name) => !ourNames.includes(name))).toEqual([]);
  });

  it('are raised somewhere when they are named', () => {
    const source = readFunctions();
    const raised = (name: string) =>
      thrownNames.includes(name)
        ? source.includes(`new ${name.replace('BlueGreen.', '')}(`)
        : Object.entries(raisedElsewhere).some(
            ([key, value]) => value === name && source.includes(`raisedElsewhere.${key}`),
          );
    const named = new Set(listed.map(({ error }) => error).filter((error) => error.startsWith('BlueGreen.')));
    expect([...named].filter((name) => !raised(name))).toEqual([]);
  });

  it('have a catch-all, alone and last, on every task of the run', () => {
    const faulty = states.filter(([, { Catch = [] }]) => {
      const all = Catch.findIndex(({ ErrorEquals }) => ErrorEquals.includes('States.ALL'));
      return all !== -1 && (all !== Catch.length - 1 || Catch[all]?.ErrorEquals.length !== 1);
    });
    expect(namesOf(faulty)).toEqual([]);
    const bare = Object.entries(outer.States).filter(
      ([, { Type, Catch = [] }]) =>
        ['Task', 'Map'].includes(Type) && Catch.at(-1)?.ErrorEquals[0] !== 'States.ALL',
    );
    expect(namesOf(bare)).toEqual([]);
  });

  it('are retried a bounded number of times, and the Comment says for how long', () => {
    const retries = states.flatMap(([name, { Retry = [] }]) => Retry.map((retry) => ({ name, ...retry })));
    // A throttle says nothing of the run, so it is asked again for hours; four events a time are a thousand of 25,000.
    const most = (names: string[]) => (names.includes('BlueGreen.Throttled') ? 240 : 80);
    expect(
      retries.filter(
        ({ MaxAttempts = 0, Comment, ErrorEquals }) =>
          MaxAttempts < 1 || MaxAttempts > most(ErrorEquals) || !Comment,
      ),
    ).toEqual([]);
    expect(retries.filter(({ ErrorEquals }) => ErrorEquals.includes('States.ALL'))).toEqual([]);
  });
});

describe('states, functions and handlers', () => {
  const tasks = machines.flatMap((one) => tasksOf(one.machine));

  it('go by one name', () => {
    const ours = tasks.filter(([, state]) => isOurs(state));
    for (const [name, state] of ours) {
      expect(state.Arguments?.FunctionName).toBe(`\${${functionKey(sharedHandlers[name] ?? name)}}`);
    }
    const files = ours.map(([name]) => handlerFile(sharedHandlers[name] ?? name));
    expect(listHandlers().sort()).toEqual([...new Set(files)].sort());
  });

  it('invoke nothing else but hooks of the request', () => {
    const others = tasks
      .filter(([, state]) => !isOurs(state) && !isStart(state))
      .map(([, { Arguments }]) => Arguments?.FunctionName);
    // A dry run of a hook has its ARN as the item of a Map over the hooks of the request, and warming a function the function.
    const hooks =
      /^\{% \$(request\.hooks\.\w+|request\.rehearseOnCopy\.load|load|outcome\.stopLoad|states\.input)\.arn %\}$/;
    const warmed = '{% $states.input %}';
    expect(others.filter((name) => name !== warmed && !hooks.test(name ?? ''))).toEqual([]);
  });

  it('warm only functions that the same machine calls', () => {
    for (const { machine: outer } of machines) {
      const called = tasksOf(outer).map(([, { Arguments }]) => Arguments?.FunctionName);
      const items = JSON.stringify(outer.States['Warm the functions']?.Items ?? []);
      const warmed = items.match(/\$\{\w+\}/g) ?? [];
      expect(warmed.filter((name) => !called.includes(name))).toEqual([]);
    }
  });

  it('know the run', () => {
    const blind = tasks.filter(
      ([, { Arguments }]) =>
        Arguments?.InvocationType !== 'DryRun' &&
        // A rehearsal gives what it starts an input of its own.
        typeof Arguments?.Input !== 'string' &&
        (Arguments?.Payload ?? Arguments?.Input)?.executionArn !== '{% $states.context.Execution.Id %}',
    );
    expect(namesOf(blind)).toEqual([]);
  });
});

describe('waiting states', () => {
  const waits = machines.flatMap((one) => allStates(one.machine)).filter(([, state]) => isOurWait(state));
  const approvals = waits.filter(([, { Arguments }]) => Arguments?.Payload?.kind === 'approval');

  it('are there', () => {
    expect(waits.length).toBeGreaterThan(8);
    // Of the switchover, and of going back.
    expect(namesOf(approvals)).toEqual(['Wait for approval', 'Wait for approval']);
  });

  it.each(waits)('%s can be found by its token, and looks again when its tick runs out', (name, state) => {
    const payload = state.Arguments?.Payload ?? {};
    const approval = payload.kind === 'approval';
    expect(payload).toMatchObject({
      state: name,
      kind: approval ? 'approval' : 'wait',
      group: approval ? '{% $group.name %}' : null,
      executionArn: '{% $states.context.Execution.Id %}',
      token: '{% $states.context.Task.Token %}',
    });
    const [tick] = state.Catch ?? [];
    const tickErrors = ['States.Timeout', 'States.HeartbeatTimeout', 'BlueGreen.Woken'];
    expect(tick?.ErrorEquals).toEqual(expect.arrayContaining(tickErrors));
    expect(tick?.Next.endsWith('?')).toBe(true);
    expect(tick?.Assign).toBeUndefined();
  });

  it.each(waits)('%s can be asked to stop', (_name, { Catch = [] }) => {
    const caught = Catch.flatMap(({ ErrorEquals }) => ErrorEquals);
    expect(caught.includes('BlueGreen.StopRequested') || caught.includes('States.ALL')).toBe(true);
  });

  it('hooks with a token have the time that the request gives them', () => {
    const hooks = allStates(machine).filter(([, state]) => isTokenTask(state) && !isOurs(state));
    expect(hooks.length).toBeGreaterThan(0);
    for (const [, { TimeoutSeconds, Arguments }] of hooks) {
      const hook = /hooks\.(\w+)/.exec(Arguments?.FunctionName ?? '')?.[1];
      expect(TimeoutSeconds).toBe(`{% $request.hooks.${hook}.withinMinutes * 60 %}`);
    }
  });
});

describe('the dangerous call', () => {
  it('is retried for no error', () => {
    expect(machine.States['Start switchover']).toBeDefined();
    expect(machine.States['Start switchover']?.Retry).toBeUndefined();
  });

  it('leads back only after a refusal that is proved, and otherwise to the look at what happened', () => {
    const state = machine.States['Start switchover'] as State;
    expect(edgesOf('Start switchover', state).map(({ by, errors: names, to }) => [by, names, to])).toEqual([
      ['next', [], 'Wait for switchover'],
      ['catch', ['BlueGreen.Throttled'], 'May this be turned away again?'],
      ['catch', ['BlueGreen.Busy'], 'Was this refused too often?'],
      ['catch', ['States.ALL'], 'Wait for switchover'],
    ]);
  });
});

/** Runs that waited for going back end as it did, in a Fail. */
const machineOfRuns = 'blue-green-deployment';

describe('the ends', () => {
  it.each(machines)('of $name are those of the design', ({ name, machine: outer }) => {
    const written = Object.entries(outer.States)
      .filter(([, { Type }]) => Type === 'Succeed' || Type === 'Fail')
      .map(([end, { Type }]) => [end, Type.toLowerCase()]);
    const onCopy =
      name === 'rehearsal' ? Object.entries(rehearsalEnds).map(([end, { kind }]) => [end, kind]) : [];
    const designed = Object.entries(ends)
      .filter(([, end]) => end.machine === name || (name === machineOfRuns && 'endsRunsToo' in end))
      .map(([end, { kind, machine: own }]) => [end, own === name ? kind : 'fail']);
    expect(written.sort()).toEqual([...designed, ...onCopy].sort());
  });

  it('are named by nothing that is not an end', () => {
    const text = JSON.stringify(machine);
    const named = [...text.matchAll(/"end":"([^"]+)"/g)].map(([, end]) => end as EndName);
    expect(named.filter((end) => !(end in ends) && !end.startsWith('{%'))).toEqual([]);
  });

  it('of going back come before its time limit, and the run waits longer than that', () => {
    const seconds = (text: string) =>
      [...text.matchAll(/\$millis\(\) \+ (\d+)\)/g)].map(([, milliseconds]) => Number(milliseconds) / 1_000);
    const twoHooks = 2 * 3_600;
    const waits = seconds(JSON.stringify(rollBack)).reduce((sum, wait) => sum + wait, twoHooks);
    expect(waits).toBeLessThan(rollBack.TimeoutSeconds ?? 0);
    const patience = Object.values(machine.States).flatMap((state) =>
      edgesOf('', state)
        .filter(({ to }) => to === 'Wait for going back')
        .flatMap(({ assign }) => seconds(String(assign.deadline))),
    );
    expect(patience.length).toBeGreaterThan(0);
    expect(Math.min(...patience)).toBeGreaterThan(rollBack.TimeoutSeconds ?? 0);
  });

  it('come before the time limit of the machine, by the longest request that is accepted', () => {
    expect(longestRunSeconds).toBe(machine.TimeoutSeconds);
  });
});

describe.each(
  machines.flatMap((one) =>
    levelsOf(one.machine).map((level) => ({ name: level.inside ?? one.name, level })),
  ),
)('the loops of $name', ({ level }) => {
  const deadline =
    /\$millis\(\) (<|>=) \$toMillis\(\$(deadline|pauseUntil|turnedAwayUntil|window\.approveBy)\)/;
  const counter =
    /^\{% \$(refusals < \d|returns < \d|goingBack = null and [^%]*|changesApplied|membersChanged|early|reads\.led|reads\.step \+ 1 < \$count\(\$request\.readRamp\.steps\)|exists\(\$request\.readRamp\) and \$not\(\$reads\.over\)|progress = null|not\(\$exists\(\$tests\.load\)\)|pauseLeft > 0( and [^%]*)?) ?%\}/;
  const bounds = (pattern: RegExp) =>
    Object.entries(level.machine.States)
      .filter(([, { Choices = [] }]) => Choices.some(({ Condition }) => pattern.test(Condition)))
      .map(([name]) => name);

  it('pass through a deadline or a counter', () => {
    expect(findCycles(level, [...bounds(deadline), ...bounds(counter)])).toEqual([]);
  });

  it('never move their own deadline', () => {
    const moved = findCycles(level, bounds(counter)).flatMap((circle) =>
      allEdges(level).filter(
        ({ from, to, assign }) =>
          circle.includes(from) && circle.includes(to) && ('deadline' in assign || 'window' in assign),
      ),
    );
    expect(moved).toEqual([]);
  });

  it('have a way out', () => {
    const circles = findCycles(level, []);
    for (const circle of circles) {
      expect(allEdges(level).some(({ from, to }) => circle.includes(from) && !circle.includes(to))).toBe(
        true,
      );
    }
  });
});

/** Groups of states that lead back to themselves without passing a state of `without`. */
function findCycles(level: Level, without: string[]): string[][] {
  const next = new Map<string, Set<string>>();
  for (const { from, to } of allEdges(level)) {
    if (!without.includes(from) && !without.includes(to)) {
      next.set(from, (next.get(from) ?? new Set()).add(to));
    }
  }
  const reach = (start: string) => {
    const seen = new Set<string>();
    const open = [...(next.get(start) ?? [])];
    for (let name = open.pop(); name !== undefined; name = open.pop()) {
      if (!seen.has(name)) {
        seen.add(name);
        open.push(...(next.get(name) ?? []));
      }
    }
    return seen;
  };
  const reached = new Map([...next.keys()].map((name) => [name, reach(name)]));
  const looping = [...reached].filter(([name, seen]) => seen.has(name)).map(([name]) => name);
  const circles = looping.map((name) =>
    looping.filter((other) => reached.get(name)?.has(other) && reached.get(other)?.has(name)),
  );
  return [...new Map(circles.map((circle) => [circle.join(), circle])).values()];
}

describe('variables', () => {
  const blocks = (state: State) => [
    { assign: state.Assign ?? {}, output: state.Output },
    ...(state.Catch ?? []).map(({ Assign = {}, Output }) => ({ assign: Assign, output: Output })),
    ...(state.Choices ?? []).map(({ Assign = {} }) => ({ assign: Assign, output: undefined })),
  ];

  it.each(machines)('of $name are never functions of JSONata', async ({ machine: outer }) => {
    const names = new Set(
      allStates(outer).flatMap(([, state]) => blocks(state).flatMap(({ assign }) => Object.keys(assign))),
    );
    const clashes = await Promise.all(
      [...names].map(async (name) => ((await isFunction(name)) ? [name] : [])),
    );
    expect(clashes.flat()).toEqual([]);
    expect(await isFunction('error')).toBe(true);
  });

  it.each(machines)(
    'of $name are read as they were on entry: nothing uses what the same block assigns',
    ({ machine: outer }) => {
      const faults = allStates(outer).flatMap(([name, state]) =>
        blocks(state).flatMap(({ assign, output }) => {
          const assigned = Object.keys(assign);
          const crossed = assigned.flatMap((variable) =>
            [...variablesIn(assign[variable])].filter((used) => used !== variable && assigned.includes(used)),
          );
          const inOutput = [...variablesIn(output)].filter((used) => assigned.includes(used));
          return [...crossed, ...inOutput].map((variable) => `${name}: ${variable}`);
        }),
      );
      expect(faults).toEqual([]);
    },
  );

  it.each(machines)('of a Map in $name never have the name of one outside', ({ machine: outer }) => {
    const [outside, ...inside] = levelsOf(outer).map(
      (level) => new Set(allEdges(level).flatMap(({ assign }) => Object.keys(assign))),
    );
    const hidden = inside.flatMap((names) => [...names].filter((name) => outside?.has(name)));
    expect(hidden).toEqual([]);
  });

  it.each(machines)('of $name are assigned on every way to where they are used', ({ machine: outer }) => {
    const [whole, ...inner] = levelsOf(outer);
    const known = assignedBefore(whole as Level, new Set());
    const all = [
      known,
      ...inner.map((level) => assignedBefore(level, known.get(level.inside ?? '') ?? new Set())),
    ];
    const missing = all.flatMap((before) =>
      allStates(outer)
        .filter(([name]) => before.has(name))
        .flatMap(([name, { ItemProcessor: _inner, ...state }]) =>
          [...variablesIn(state)]
            .filter((variable) => !before.get(name)?.has(variable))
            .map((variable) => `${name}: ${variable}`),
        ),
    );
    expect(missing).toEqual([]);
  });

  it('of an expression stand in brackets that hold the whole string', () => {
    const strings = JSON.stringify(machine).match(/"[^"\\]*(?:\\.[^"\\]*)*"/g) ?? [];
    const halves = strings.filter((text) => text.includes('{%') !== /^"\{%.*%\}"$/.test(text));
    expect(halves).toEqual([]);
    expect(expressionsIn(machine).length).toBeGreaterThan(100);
  });
});

/** Variables that are assigned on every way to a state, by state. States that nothing leads to are absent. */
function assignedBefore(level: Level, from: Set<string>): Map<string, Set<string>> {
  const before = new Map([[level.machine.StartAt, new Set(from)]]);
  const open = [level.machine.StartAt];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const entry = before.get(name) as Set<string>;
    for (const { to, assign } of edgesOf(name, level.machine.States[name] as State)) {
      const arriving = new Set([...entry, ...Object.keys(assign)]);
      const seen = before.get(to);
      const both = seen ? new Set([...seen].filter((variable) => arriving.has(variable))) : arriving;
      if (!seen || both.size < seen.size) {
        before.set(to, both);
        open.push(to);
      }
    }
  }
  return before;
}

it('leads to every state', () => {
  for (const { machine: outer } of machines) {
    for (const level of levelsOf(outer)) {
      const reached = assignedBefore(level, new Set());
      expect(Object.keys(level.machine.States).filter((name) => !reached.has(name))).toEqual([]);
    }
  }
});
