import type { ResourceRecordSet } from '@aws-sdk/client-route-53';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StateName } from '../../functions/domain/model/states.ts';
import { sets } from '../../functions/domain/read-ramp/record.ts';
import { behindRecord, type Kind, kinds } from './databases.ts';
import { executionStopped, refuses, stopRequested, type Trouble, when, wireHeals } from './faults.ts';
import { comeBack, leadReaders } from './play.ts';
import { answersHeld, leadReads, readersFollow, readersOf } from './readers.ts';
import { lookAround } from './reconcile.ts';
import { finish, requestOf, start } from './run.ts';
import { readersGoBack } from './scenarios/read-ramp.ts';
import { ends, errors } from './scenarios/scenario.ts';
import { countAccepted, hour, type Stage, setStage } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await setStage(kinds.replica);
});
afterEach(() => stage.close());

/** Plays a run that leads its readers. */
function play(...troubles: Trouble[]) {
  for (const trouble of troubles) trouble(stage);
  const ask = { readRamp: { steps: [50], minutesEach: 5 } };
  return finish(stage, start(stage, requestOf(stage.kind, { ...ask, ...leadReaders(stage, ask) })));
}

const toGreen: Trouble = (at) =>
  leadReads([{ identifier: sets.green, weight: 100, target: readersOf(at).green }])(at);
const pass = (state: StateName, trouble: Trouble) => when(state, trouble);
const messages = () => stage.account.sns.messages.map(({ message }) => message.replace(/\s+/g, ' '));
const isLedToGreen = () => answersHeld(stage).includes(readersOf(stage).green);
const hourPasses = () => stage.clock.run(stage.clock.sleep(hour));

/** Does what the last message says, as a person does it, some minutes ago. */
async function obey(): Promise<void> {
  const batch =
    /--change-batch '([^']+)'/.exec(stage.account.sns.messages.at(-1)?.message ?? '')?.[1] ?? '{}';
  const { Changes = [] } = JSON.parse(batch) as { Changes?: { ResourceRecordSet: ResourceRecordSet }[] };
  const { readsRecord, route53 } = stage.account;
  for (const { ResourceRecordSet } of Changes)
    route53.putRecord(readsRecord?.hostedZoneId ?? '', ResourceRecordSet);
  expect(Changes).toHaveLength(2);
  await hourPasses();
}

describe('readers', () => {
  it('keep a green that somebody leads them to right before its removal', async () => {
    const { end, error } = await play(pass('Wait for window', stopRequested), pass('Remove green', toGreen));
    expect({ end, error }).toEqual({ end: ends.stopped, error: errors.stop });
    expect(countAccepted(stage, 'DeleteBlueGreenDeployment')).toBe(0);
    expect(messages().at(-1)).toContain('50 % of the readers are led here by orders.readers.example.com');
    await obey();
    expect(isLedToGreen()).toBe(false);
  });

  it('keep the cut away when somebody leads them to green before it', async () => {
    const { end, error } = await play(pass('Final check', toGreen));
    expect({ end, error }).toEqual({ end: ends.stopped, error: errors.unexpected });
    expect(countAccepted(stage, 'SwitchoverBlueGreenDeployment')).toBe(0);
  });

  it('keep a green from which they cannot be led back, and the outcome has the command', async () => {
    await play(pass('Watch the reads', refuses('ChangeResourceRecordSets', 'AccessDenied')));
    expect(countAccepted(stage, 'DeleteBlueGreenDeployment')).toBe(0);
    expect(messages().at(-1)).toContain('50 % of the readers are led here by orders.readers.example.com');
    expect(isLedToGreen()).toBe(true);
    wireHeals(stage);
    await obey();
    expect(isLedToGreen()).toBe(false);
  });

  it('of a run that was stopped in the console are told of every hour, until they are back', async () => {
    const { end } = await play(
      pass('Watch the reads', (at) => at.clock.after(120_000, () => executionStopped(at))),
    );
    expect(end).toBe('ABORTED');
    expect(isLedToGreen()).toBe(true);
    await hourPasses();
    await lookAround(stage);
    await lookAround(stage);
    expect(messages().at(-1)).toMatch(
      /said every hour until it is gone.* 50 % of the readers are led here by orders/,
    );
    await obey();
    const told = messages().length;
    await lookAround(stage);
    expect(messages()).toHaveLength(told);
    expect(isLedToGreen()).toBe(false);
  });
});

const clusterBehindRecord: Kind = {
  ...kinds.auroraPostgres,
  name: 'Aurora PostgreSQL behind a record of Route 53',
  record: { zone: 'example.com', name: 'ledger-db.example.com' },
};

/** Plays a scenario in which production goes back, on a kind of database. */
async function goBack(kind: Kind, what: string): Promise<Stage> {
  stage.close();
  stage = await setStage(kind);
  const scenario = readersGoBack.find((one) => one.what === what);
  for (const trouble of scenario?.troubles ?? []) trouble(stage);
  const ask = typeof scenario?.ask === 'function' ? scenario.ask(kind) : (scenario?.ask ?? {});
  const more = { ...ask, ...comeBack(stage, ask), ...leadReaders(stage, ask) };
  const { end } = await finish(stage, start(stage, requestOf(kind, more)));
  expect(end).toBe(ends.wentBack);
  return stage;
}

describe.each([kinds.mysql, behindRecord, clusterBehindRecord])('readers of $name', (kind) => {
  it('come to blue with production', async () => {
    await readersFollow(await goBack(kind, 'production goes back, and the readers with it'));
    expect(messages().at(-1)).toMatch(
      /Where readers go now .*orders\.readers\.example\.com leads 100 % of the readers to (blue|the clone of old blue) /,
    );
    expect(messages().at(-1)).not.toContain('are led here by');
  });

  it('are told of where their record cannot be changed, with the command that leads them to blue', async () => {
    await goBack(kind, 'production goes back, and the record of the readers cannot be changed');
    expect(messages().at(-1)).toMatch(
      /Where readers go now .*leads 100 % of the readers to (green|new production) /,
    );
    expect(messages().at(-1)).toContain('100 % of the readers are led here by orders.readers.example.com');
    wireHeals(stage);
    await obey();
    await readersFollow(stage);
  });

  it('are left where somebody else has led them, which is told', async () => {
    await goBack(kind, 'production goes back, and somebody else has led the readers elsewhere');
    expect(answersHeld(stage)).toEqual(['dr.example.org']);
    expect(messages().at(-1)).toContain('leads 100 % of the readers to no side of this run');
  });
});

it('readers of Aurora follow the names when production goes back by renames', async () => {
  await readersFollow(await goBack(kinds.auroraPostgres, 'production goes back, and the readers with it'));
  expect(countAccepted(stage, 'ModifyDBCluster')).toBeGreaterThan(0);
});
