import { beforeAll, describe, expect, it } from 'vitest';
import { type End, type EndName, ends } from '../../functions/domain/model/ends.ts';
import { ask, explore, type Place, type Step } from './exploration.ts';
import { machine } from './machine.ts';

const arn = 'arn:aws:lambda:eu-central-1:111122223333:function:viridian-hook-test';
const hooks = (callback: boolean) =>
  Object.fromEntries(
    ['changeGreen', 'testGreen', 'stopWrites', 'resumeWrites', 'verifyProduction'].map((name) => [
      name,
      { arn, callback },
    ]),
  );

const secret = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:viridian-reader';
const readers = { hostedZoneId: 'Z1ABC', recordName: 'readers.example.com' };

/** Requests that between them use every way through the machine. */
const requests = {
  'with the defaults': ask(),
  'dry run': ask({ dryRun: true }),
  'without approval': ask({ approval: { required: false } }),
  'that keeps green': ask({ target: { engineVersion: '17.10', keepGreenWhenStopped: true } }),
  'that deletes old blue': ask({ oldBlue: { deleteAfterDays: 7 } }),
  'with hooks': ask({ hooks: hooks(false), oldBlue: { deleteAfterDays: 7 } }),
  'with other classes': ask({ target: { members: [{ member: 'a', instanceClass: 'db.r7g.large' }] } }),
  'with hooks that call back': ask({ hooks: hooks(true) }),
  'that leads its readers': ask({ readRamp: { ...readers, steps: [50, 100] } }),
  'that asks after a bad step of its readers': ask({
    readRamp: { ...readers, steps: [100], onBadStep: 'ask' },
  }),
  'with consumers of changes': ask({ consumers: ['cdc'] }),
  'with a way back that asks': ask({ wayBack: { login: {}, applicationRoles: ['app'] } }),
  'with a load test': ask({ wayBack: { login: {}, enabled: false }, tests: { load: { secret } } }),
  'with a load test that stops': ask({
    wayBack: { login: {}, enabled: false },
    tests: { load: { secret, onWorse: 'stop' } },
  }),
  'with a way back that goes back': ask({
    wayBack: { login: {}, applicationRoles: ['app'], onFailure: 'go-back' },
    hooks: { verifyProduction: { arn } },
  }),
};

const sideOf = ({ variables }: Place) => (variables.serving as { side?: string } | undefined)?.side;
const hasWayBack = ({ wayBack }: Place['variables']) => (wayBack as { possible?: boolean }).possible === true;
const isEnd = ({ state }: Place) => state in ends;
const resuming = ['Resume writes', 'Resume writes and wait for the answer'];

describe.each(Object.entries(requests))('a run %s', (_name, request) => {
  let steps: Step[] = [];
  let places: Place[] = [];
  /** Where a run stands when RDS has accepted the switchover, or may have. */
  let accepted: Place[] = [];
  beforeAll(async () => {
    steps = await explore(machine, request);
    places = steps.map(({ to }) => to);
    const ways = steps.filter(
      ({ from, to }) => from.state === 'Start switchover' && to.state === 'Wait for switchover',
    );
    accepted = [...new Map(ways.map(({ to }) => [JSON.stringify(to), to])).values()];
  });
  const at = (state: string) => places.filter((place) => place.state === state);

  it('ends, and each end tells the truth about the serving side', () => {
    const reached = places.filter(isEnd);
    expect(reached.length).toBeGreaterThan(0);
    for (const { state, variables } of reached) {
      expect(variables.end).toBe(state);
      const { serves } = ends[state as EndName];
      const side = sideOf({ state, variables });
      expect([serves, side]).toEqual([serves, side === undefined && serves === 'blue' ? undefined : serves]);
    }
  });

  it('fails with an error, and succeeds without one, but for the telling itself', () => {
    for (const { state, variables } of places.filter(isEnd)) {
      const failure = variables.failure as { state: string } | null;
      const failed = failure !== null && !['Record outcome', 'Notify'].includes(failure.state);
      const end: End = ends[state as EndName];
      expect([state, failed]).toEqual([state, end.kind === 'fail' || end.endsRunsToo === true]);
    }
  });

  it('keeps the first error through the clean-up', () => {
    const first = steps.filter(
      ({ from, to }) => from.variables.failure && to.variables.failure !== from.variables.failure,
    );
    const replaced = first.filter(
      ({ from, to }) => JSON.stringify(from.variables.failure) !== JSON.stringify(to.variables.failure),
    );
    // What the production side proves stands over what the call had seemed to say.
    expect(new Set(replaced.map(({ from }) => from.state))).toEqual(
      new Set(replaced.length > 0 ? ['Which side serves production?'] : []),
    );
  });

  it('removes green only before a switchover was accepted', async () => {
    for (const { state, variables } of [...at('Remove green'), ...at('Wait for removal')]) {
      expect([state, sideOf({ state, variables })]).toEqual([state, undefined]);
    }
    const after = new Set((await explore(machine, request, accepted)).map((step) => step.to.state));
    for (const state of ['Remove green', 'Start switchover', 'Create green'])
      expect(after).not.toContain(state);
  });

  it('deletes old blue, releases the record and bakes only while green is proved to serve', () => {
    const closing = [
      'Verify production',
      'Bake',
      'Release the deployment record',
      'Take final snapshot',
      'Delete old blue',
    ];
    for (const place of closing.flatMap(at)) {
      expect([place.state, sideOf(place)]).toEqual([place.state, 'green']);
    }
  });

  it('deletes old blue only when it was asked to and its deployment record is gone', () => {
    for (const { state, variables } of [...at('Take final snapshot'), ...at('Delete old blue')]) {
      expect(request.oldBlue.deleteAfterDays).toBeDefined();
      expect([state, variables.deployment]).toEqual([state, { recordReleased: true }]);
    }
  });

  it('succeeds only when everything that was asked for is done', () => {
    if (request.oldBlue.deleteAfterDays !== undefined) {
      const ways = steps.filter(({ to }) => to.variables.end === 'Green serves production');
      const first = ways.filter(({ from }) => from.variables.end !== 'Green serves production');
      expect(new Set(first.map(({ from }) => from.state))).toEqual(new Set(['Wait for deletion']));
    }
  });

  it('never looks away: nothing follows an accepted switchover but the look at which side serves', async () => {
    const { 'Find production side': _removed, ...others } = machine.States;
    const blind = { ...machine, States: { ...others, 'Find production side': { Type: 'Succeed' as const } } };
    const reached = new Set((await explore(blind, request, accepted)).map((step) => step.to.state));
    const looking = [
      'Wait for switchover',
      'Is there still time for the switchover?',
      'Does new production take writes already?',
      'Find production side',
    ];
    // New production that has proved itself is secured and released; then RDS is looked at again.
    const early = [
      ...['Secure the way back', 'Is there still time to secure the way back?'],
      ...['Are application writes held?', 'Release application writes', 'Pause before another release'],
      ...['Were application writes released?', 'Is there still time to release writes?'],
      ...['Are writes to be resumed?', ...resuming, 'Did writes resume?', 'Where does the run go on?'],
    ];
    for (const state of looking) expect(reached.has(state)).toBe(accepted.length > 0);
    expect([...reached].filter((state) => ![...looking, ...early].includes(state))).toEqual([]);
    expect(reached.has('Secure the way back')).toBe(accepted.some(({ variables }) => hasWayBack(variables)));
  });

  it('resumes held writes wherever the serving side is known, and nowhere else', async () => {
    for (const place of resuming.flatMap(at)) {
      expect(place.variables.writesStopped).toBe(true);
      expect([place.state, sideOf(place)]).not.toEqual([place.state, 'unknown']);
    }
    const States = Object.fromEntries(
      Object.entries(machine.States).filter(([name]) => !resuming.includes(name)),
    );
    const pass = { Type: 'Succeed' as const };
    const forgetful = {
      ...machine,
      States: { ...States, ...Object.fromEntries(resuming.map((name) => [name, pass])) },
    };
    const unresumed = (await explore(forgetful, request)).map(({ to }) => to).filter(isEnd);
    for (const place of unresumed.filter(({ variables }) => variables.writesStopped)) {
      expect(place.state).toBe('Outcome unknown: look before any retry');
    }
  });

  it('keeps the log of green where it was released before RDS was done and blue serves', () => {
    const changed = ({ variables }: Place) =>
      (variables.wayBack as { changes?: unknown }).changes !== undefined;
    const rolledBack = steps.filter(
      ({ to }) => to.variables.end === 'Switchover rolled back: blue serves production' && changed(to),
    );
    const ending = rolledBack.filter(({ to }) => to.state === 'Record outcome');
    expect(ending.length > 0).toBe(accepted.some(({ variables }) => hasWayBack(variables)));
    expect(rolledBack.filter(({ to }) => to.state === 'Close the way back')).toEqual([]);
  });

  it('removes green and begins a cut only when no reader was led to green, or all are back', () => {
    for (const { state, variables } of [...at('Remove green'), ...at('Start switchover')])
      expect([state, (variables.reads as { led: boolean }).led]).toEqual([state, false]);
  });

  it('asks RDS for a switchover only after a final check, and at most four times', () => {
    for (const { from, to } of steps.filter((step) => step.to.state === 'Start switchover')) {
      expect(['Are application writes to be held?', 'Hold application writes']).toContain(from.state);
      expect(to.variables.refusals).toBeLessThan(3);
    }
  });

  it('records an outcome and tells it before every end', () => {
    for (const { from } of steps.filter(({ to }) => isEnd(to))) {
      expect(from.state).toBe('How did it end?');
    }
    for (const { from } of steps.filter(({ to }) => to.state === 'How did it end?')) {
      expect(from.state).toBe('Notify');
    }
    for (const { from } of steps.filter(({ to }) => to.state === 'Notify')) {
      expect(from.state).toBe('Record outcome');
    }
  });
});

/** What a run on a copy does otherwise is how it ends when going back there was rehearsed. */
const onCopy = ask({ copy: { rehearsal: 'arn', resourceId: 'db-COPY', seal: 'seal' } });
const drilled: Place = {
  state: 'Did going back succeed?',
  variables: { serving: { side: 'blue' }, failure: { error: 'BlueGreen.StopRequested' } },
};

describe('all requests together', () => {
  it('go through every state, and come to every end', async () => {
    const all = await Promise.all(Object.values(requests).map((request) => explore(machine, request)));
    all.push(await explore(machine, onCopy, [drilled]));
    const reached = new Set(all.flat().map(({ to }) => to.state));
    expect(
      Object.keys(machine.States).filter((name) => !reached.has(name) && name !== machine.StartAt),
    ).toEqual([]);
  });
});
