import { expect, it } from 'vitest';
import { toCsv, toPage } from '../../commands/evidence/export.ts';
import { verifyLedger } from '../../commands/evidence/verify.ts';
import { call, makeLedger, publicKey } from './ledger-of.ts';

const decision = {
  decision: 'approve',
  group: 'dba',
  by: 'Grace "G" Hopper, <b>DBA</b>',
  identified: 'attested',
  at: '2026-11-29T01:00:00.000Z',
  reason: 'tested',
};
const [entry] = verifyLedger(
  makeLedger([{ changes: [call()], outcome: { end: 'Green serves production', decisions: [decision] } }]),
  publicKey,
).entries;
if (!entry) throw new Error('no entry');

it('the population has a line for each end, with the people who decided', () => {
  const [head, line] = toCsv([entry]).split('\r\n');
  expect(head).toMatch(/^sequence,execution,database,end,status,/);
  expect(line).toContain('orders,Green serves production,SUCCEEDED');
  expect(line).toContain('"Grace ""G"" Hopper, <b>DBA</b> (dba: approve)",attested,1,');
});

it('a cell that a spreadsheet would run is text', () => {
  const risky = { ...entry, record: { ...entry.record, input: { database: '=cmd()', requestedBy: 'Ada' } } };
  expect(toCsv([risky])).toContain(",'=cmd(),");
});

it('the page of a run needs nothing else, and shows the texts of others as text', () => {
  const page = toPage(entry);
  expect(page).toContain('Grace &quot;G&quot; Hopper, &lt;b&gt;DBA&lt;/b&gt;');
  expect(page).toContain('SwitchoverBlueGreenDeployment');
  expect(page).not.toMatch(/<(?:script|link|img|iframe)\b|https?:/);
});
