import { describe, expect, it } from 'vitest';
import { eventId } from '../../../functions/domain/announcement/announcement.ts';
import { linksTo, writeLinks } from '../../../functions/domain/announcement/links.ts';
import type { RehearsalEnd } from '../../../functions/domain/model/ends.ts';
import { composeRehearsal, type RehearsalFacts } from '../../../functions/domain/on-copy/outcome.ts';
import { productionOf } from '../../../functions/domain/on-copy/rehearsal.ts';
import { arnOf, blueSide, executionArn } from '../sample.ts';
import { copyOf } from './tagged.ts';

const good: RehearsalEnd = 'Rehearsed on a copy: production was not touched';
const failed: RehearsalEnd = 'Rehearsal failed: production was not touched';
const left: RehearsalEnd = 'Rehearsal left a copy: production was not touched';
const runbook = 'https://runbook.example';
const rehearsed = {
  ...{ resourceId: 'db-ORDERS', at: '2026-11-20T08:00:00Z', targetVersion: '17.10' },
  production: productionOf(blueSide()),
  measured: { build: 3_120, statistics: null, writesOut: 3, goingBack: 4, renames: null },
};
const failure = { state: 'Make the copy', error: 'BlueGreen.Busy', cause: 'see https://x.example' } as never;
const facts: RehearsalFacts = {
  ...{ executionArn, rehearsal: `${executionArn}-copied`, database: 'orders', end: good, rehearsed },
  ...{ failure: null, loadSaid: null, kept: [], left: null, runbook },
};

const measured = 'Measured on the copy: build 52 min, writes out 3.0 s, going back 4.0 s.';
const serves = 'orders serves production and takes writes: the rehearsal only read it.';

it('a rehearsal that was good says what was measured, and what comes next', () => {
  const links = linksTo(executionArn, runbook, good);
  const next = 'Start the run itself; its approval shows what was measured.';
  const costs = 'Nothing that was copied is left.';
  expect(composeRehearsal(facts)).toEqual({
    subject: `[OK] ${good} (orders)`,
    summary: `orders: ${good}. ${measured}`,
    text: [measured, serves, costs, next, '', ...writeLinks(executionArn, links)].join('\n'),
    attributes: { kind: 'outcome', severity: 'OK', end: good, id: eventId(executionArn, 'outcome', good) },
    json: {
      ...{ kind: 'outcome', severity: 'OK', end: good, links, happened: measured, writable: serves },
      ...{ costs, next, rehearsed, kept: [], left: [], executionArn },
    },
  });
});

describe('a rehearsal that was not good', () => {
  it.each<[RehearsalEnd, Partial<RehearsalFacts>, subject: string, happened: string]>([
    [
      failed,
      { failure },
      `[ACT] ${failed} (orders)`,
      '"Make the copy" failed with BlueGreen.Busy: see https[:]//x.example',
    ],
    [
      left,
      { failure },
      `[ACT] ${left} (orders)`,
      '"Make the copy" failed with BlueGreen.Busy: see https[:]//x.example',
    ],
    [
      good,
      { database: null },
      `[OK] ${good} (clean-up of a rehearsal)`,
      'Everything that the rehearsal had made is deleted.',
    ],
    [
      good,
      { database: arnOf('shop') },
      `[OK] ${good} (shop)`,
      'Everything that the rehearsal had made is deleted.',
    ],
  ])('%s, %j', (end, more, subject, happened) => {
    const told = composeRehearsal({ ...facts, rehearsed: null, end, ...more });
    expect(told.subject).toBe(subject);
    expect(told.json).toMatchObject({ happened, next: 'Mend the reason, and rehearse again.' });
  });

  it('tells so much of a cause as a message takes', () => {
    const cause = 'x'.repeat(9_000);
    const told = composeRehearsal({
      ...facts,
      rehearsed: null,
      failure: { ...(failure as object), cause } as never,
    });
    expect(told.text.length).toBeLessThan(5_000);
  });
});

describe('a copy that is still there', () => {
  const copy = copyOf();
  const remove =
    '    aws rds delete-db-instance --db-instance-identifier viridian-copy-orders-1 --skip-final-snapshot';
  const stuck = {
    because: 'AWS denied https://x.example',
    copies: [copy, copyOf({ name: 'viridian-copy-b', status: '' })],
  };
  const lines = (more: Partial<RehearsalFacts>) => composeRehearsal({ ...facts, ...more }).text.split('\n');

  it('was not removed in time: told with the reason, and what deletes each database', () => {
    const told = lines({ end: left, left: stuck });
    expect(told.slice(0, 2)).toEqual([
      measured,
      'The copy was not removed in time: AWS denied https[:]//x.example',
    ]);
    expect(told).toContain(
      `instance viridian-copy-orders-1 (${copy.arn}) is available and costs money by the hour. To delete it:`,
    );
    expect(told).toContain(remove);
    expect(told.join('\n')).toMatch(/instance viridian-copy-b \(\S+\) is there and costs money/);
    expect(told.join('\n')).toContain(`{"removeCopyOf": "${executionArn}-copied"}`);
    expect(composeRehearsal({ ...facts, left: stuck }).json.left).toEqual([
      'viridian-copy-orders-1',
      'viridian-copy-b',
    ]);
  });

  it('may be there where nothing could be read', () => {
    const told = lines({ rehearsed: null, left: { because: 'Throttling', copies: [] } });
    expect(told[0]).toBe('The copy was not removed in time: Throttling');
    expect(told[2]).toMatch(/may still cost money\.$/);
  });

  it('was kept for a person: told with both commands, and somebody has to look', () => {
    const kept = [{ copy, because: 'it is protected' }];
    const { subject, text, json } = composeRehearsal({ ...facts, kept });
    expect(subject).toBe(`[ACT] ${good} (orders)`);
    expect(text.split('\n').slice(2, 6)).toEqual([
      'Kept, and it costs money by the hour: it is protected. To delete it, when nobody needs it:',
      remove,
      'To keep it without a word from here on:',
      `    aws rds remove-tags-from-resource --resource-name ${copy.arn} --tag-keys viridian:copy`,
    ]);
    expect(json.kept).toEqual([{ name: copy.name, arn: copy.arn, because: 'it is protected' }]);
  });
});
