import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StateName } from '../../functions/domain/model/states.ts';
import { handler } from '../../functions/handlers/roll-back/wait-for-the-dns-ttl.ts';
import { AwsError } from '../../packages/local-aws/wire/service.ts';
import { Stage } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await Stage.open('byRecord');
});
afterEach(() => {
  expect(stage.doubleWriters()).toEqual([]);
  stage.close();
});

const went = 'Went back: blue serves production';
const incomplete = 'Going back incomplete: look before any retry';

const waitsForAnswers = 'viridian-rehearsal-waitForTheDnsTtl';

const operations = (name: string) => stage.account.rds.journal.accepted(name);

/** A run whose bake has begun, and an execution that goes back from it. */
async function beginToGoBack(): Promise<{ run: string; back: string }> {
  const run = stage.start();
  await stage.until(run, 'Bake');
  return { run, back: stage.goBack(run) };
}

function expectBlueAlone(): void {
  expect(stage.serves()).toBe('blue');
  expect(stage.plane.writable()).toEqual([stage.production()]);
  expect(stage.databases.leftovers()).toEqual([]);
}

/** When each state was entered first, in milliseconds. */
function visits(executionArn: string): Map<string, number> {
  const entered = stage.account.states
    .getExecutionHistory(executionArn)
    .map(({ stateEnteredEventDetails: state, timestamp }) => [state?.name, timestamp?.getTime()] as const);
  return new Map(entered.toReversed().filter((one): one is [string, number] => one[0] !== undefined));
}

/** Old blue is fenced before it receives the stream; going back fences new production. */
const countFences = () => stage.databases.asked.filter((ask) => ask === 'fence').length;
const lastMessage = () => stage.account.sns.messages.at(-1)?.message.replace(/\s+/g, ' ') ?? '';

describe('going back by a record of Route 53', () => {
  it('leads the record to blue, renames nothing, and tells where writes go', async () => {
    const { run, back } = await beginToGoBack();
    expect(await stage.finish(back)).toBe(went);
    expectBlueAlone();
    expect(operations('ModifyDBInstance')).toEqual([]);
    expect(stage.plane.leadsTo('orders')).not.toBe(stage.production());
    expect(await stage.finish(run)).toBe(went);
    expect(lastMessage()).toContain('orders-db.example.com leads to blue');
    expect(lastMessage()).toContain("RDS's own name orders is that of the former new production");
  });

  it('opens blue only when the TTL of the old DNS answer has passed', async () => {
    const { propagation } = stage.account.route53.behaviour;
    const { back } = await beginToGoBack();
    await stage.finish(back);
    const at = visits(back);
    const swapped = at.get('Wait for the endpoint') ?? 0;
    const opened = at.get('Open blue for writes') ?? 0;
    // The change is made before the wait begins, by less than a second.
    expect(opened - swapped).toBeGreaterThan(propagation + 60_000 - 1_000);
  });

  it.each(['PriorRequestNotComplete', 'Throttling'])('is tried again after %s', async (name) => {
    let refusals = 0;
    stage.refuse = (operation) => {
      if (operation !== 'ChangeResourceRecordSets' || refusals >= 2) return undefined;
      refusals += 1;
      return { before: { refuse: new AwsError(name, 'not now') } };
    };
    const { back } = await beginToGoBack();
    expect(await stage.finish(back)).toBe(went);
    expect(refusals).toBe(2);
    expectBlueAlone();
  });

  it('writes the record once more when the answer was lost, and waits for that change', async () => {
    let lost = 0;
    stage.refuse = (operation) => {
      if (operation !== 'ChangeResourceRecordSets' || lost > 0) return undefined;
      lost += 1;
      return { after: { drop: true } };
    };
    const { back } = await beginToGoBack();
    expect(await stage.finish(back)).toBe(went);
    expectBlueAlone();
  });

  it('fences nothing when the record leads elsewhere', async () => {
    const run = stage.start();
    await stage.until(run, 'Bake');
    const before = countFences();
    stage.lead('dr.example.org');
    const refused = 'Going back refused: nothing was changed';
    // The first one has not left a mark that would make the second one go on.
    for (const _ of [1, 2]) expect(await stage.finish(stage.goBack(run))).toBe(refused);
    expect(countFences()).toBe(before);
    expect(lastMessage()).toContain('orders-db.example.com leads to dr.example.org');
  });

  it('is refused to the run itself when the record leads elsewhere, and the run waits until it leads to new production', async () => {
    const run = stage.start({ onFailure: 'go-back' });
    await stage.until(run, 'Bake');
    const before = stage.production() ?? '';
    stage.lead('dr.example.org');
    await stage.alarm('ALARM');
    await stage.until(run, 'Wait for going back');
    await stage.clock.run(stage.clock.sleep(3_600_000));
    expect(stage.path(run).at(-1)).toBe('Wait for going back');
    stage.lead(stage.plane.endpoint('orders').address);
    expect(stage.production()).toBe(before);
    await stage.until(run, 'Wait for a decision');
    expect(await stage.finish(stage.goBack(run))).toBe(went);
    expect(await stage.finish(run)).toBe(went);
  });

  it('fences nothing when the record cannot be read', async () => {
    const run = stage.start();
    await stage.until(run, 'Bake');
    const before = countFences();
    stage.refuse = (operation) =>
      operation === 'ListResourceRecordSets'
        ? { before: { refuse: new AwsError('AccessDenied', 'no') } }
        : undefined;
    expect(await stage.finish(stage.goBack(run))).toBe(incomplete);
    expect(countFences()).toBe(before);
  });

  it.each<StateName>(['Swap the endpoint', 'Wait for the endpoint', 'Wait for the DNS TTL'])(
    'opens nothing when somebody leads the record elsewhere in "%s"',
    async (state) => {
      const { back } = await beginToGoBack();
      await stage.until(back, state);
      stage.lead('dr.example.org');
      expect(await stage.finish(back)).toBe(incomplete);
      expect(stage.plane.writable()).toEqual([]);
    },
  );

  it('stops when somebody leads the record back to new production', async () => {
    const { back } = await beginToGoBack();
    await stage.until(back, 'Wait for the endpoint');
    stage.lead(stage.plane.endpoint('orders').address);
    expect(await stage.finish(back)).toBe(incomplete);
    expect(stage.path(back).filter((name) => name === 'Swap the endpoint').length).toBeGreaterThan(1);
    expect(stage.plane.writable()).toEqual([]);
  });

  it('gives up after two hours when name servers never answer it, and is finished by another start', async () => {
    stage.account.route53.behaviour.propagation = Number.POSITIVE_INFINITY;
    const { run, back } = await beginToGoBack();
    expect(await stage.finish(back)).toBe(incomplete);
    expect(stage.path(back)).toContain('Is there still time for the endpoint?');
    expect(stage.plane.writable()).toEqual([]);
    stage.account.route53.behaviour.propagation = 30_000;
    expect(await stage.finish(stage.goBack(run))).toBe(went);
    expectBlueAlone();
  });

  it('gives up when no look ends before the DNS TTL, and is finished by another start', async () => {
    stage.account.lambda.register(waitsForAnswers, () => null);
    const { run, back } = await beginToGoBack();
    expect(await stage.finish(back)).toBe(incomplete);
    expect(stage.plane.writable()).toEqual([]);
    stage.account.lambda.register(waitsForAnswers, handler, { timeoutSeconds: 12 });
    expect(await stage.finish(stage.goBack(run))).toBe(went);
    expectBlueAlone();
  });
});

describe('a crash on the way by a record', () => {
  it.each(
    Object.entries({
      readTheRun: [0, 4, 8],
      swapTheEndpoint: [0, 1, 4, 5, 6, 7],
      waitForTheEndpoint: [0, 1, 4, 5],
      waitForTheDnsTtl: [0, 2],
      verifyGoingBack: [0, 2],
    }).flatMap(([name, all]) => all.map((calls) => [name, calls] as const)),
  )('of %s after %i of its calls changes nothing of the end', async (name, calls) => {
    stage.interfere = (key, invocation) =>
      key === name && invocation === 1 ? { crashAfterCalls: calls } : undefined;
    const { back } = await beginToGoBack();
    expect(await stage.finish(back)).toBe(went);
    expectBlueAlone();
  });

  it.each<StateName>([
    'Swap the endpoint',
    'Wait for the endpoint',
    'Wait for the DNS TTL',
    'Open blue for writes',
    'Verify going back',
  ])('of the execution in "%s" is finished by another one that a person starts', async (state) => {
    const { run, back } = await beginToGoBack();
    await stage.until(back, state);
    await stage.clock.run(stage.account.states.stopExecution(back));
    expect(await stage.finish(stage.goBack(run))).toBe(went);
    expectBlueAlone();
  });
});

describe('what serves by the record', () => {
  it('is never deleted: a person has led it to old blue during its retention', async () => {
    const run = stage.start({}, { oldBlue: { deleteAfterDays: 1 } });
    await stage.until(run, 'Wait for retention');
    stage.lead(stage.plane.endpoint('orders-old1').address);
    expect(await stage.finish(run)).toBe('Green serves production, clean-up incomplete');
    expect(operations('DeleteDBInstance')).toEqual([]);
    expect(lastMessage()).toContain('not to the former green');
  });

  it('is deleted by nobody, but old blue is once the record leads to new production as before', async () => {
    const run = stage.start({}, { oldBlue: { deleteAfterDays: 0 } });
    expect(await stage.finish(run)).toBe('Green serves production');
    expect(operations('DeleteDBInstance')).toHaveLength(1);
    expect(stage.serves()).toBe('green');
  });

  it('is not named wrongly when the run is stopped while it goes back', async () => {
    const run = stage.start({ onFailure: 'go-back' });
    await stage.until(run, 'Bake');
    await stage.alarm('ALARM');
    await stage.until(run, 'Wait for going back');
    await stage.clock.run(stage.account.states.stopExecution(run));
    await stage.clock.run(stage.clock.sleep(3_600_000));
    expectBlueAlone();
    const end = { source: 'aws.states', detail: { executionArn: run } };
    await stage.clock.run(stage.account.lambda.invoke('viridian-rehearsal-reconcile', end));
    expect(lastMessage()).toContain('OUTCOME UNKNOWN');
    expect(lastMessage()).toContain(`orders-db.example.com led to ${stage.production()}`);
  });
});

describe('a record that cannot be gone back by', () => {
  it.each([
    ['leads elsewhere', () => stage.lead('dr.example.org')],
    ['has a TTL of an hour', () => stage.lead(stage.plane.endpoint('orders').address, 3_600)],
    [
      'is not there',
      () =>
        stage.account.route53.removeRecord(stage.account.record?.hostedZoneId ?? '', 'orders-db.example.com'),
    ],
  ])('refuses the run when it %s', async (_, arrange) => {
    arrange();
    expect(await stage.finish(stage.start())).toBe('Refused: nothing was changed');
    expect(lastMessage()).toContain('endpoint-record');
  });

  it('refuses a run that names one which the stack may not change', async () => {
    const endpoint = { kind: 'route53', ...stage.account.record, recordName: 'other.example.com' };
    expect(await stage.finish(stage.start({ endpoint }))).toBe('Refused: nothing was changed');
    expect(lastMessage()).toContain('wayBackRecords');
  });
});
