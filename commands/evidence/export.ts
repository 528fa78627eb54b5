import type { EvidenceRecord } from '../../functions/domain/evidence/record.ts';
import { html } from '../../functions/http/html.ts';
import type { Entry } from './verify.ts';

/** A line of the population: one end of one execution. */
interface Line {
  sequence: number;
  execution: string;
  database: string;
  end: string;
  status: string;
  started: string;
  ended: string;
  requestedBy: string;
  ticket: string;
  decidedBy: string;
  identified: string;
  changes: number;
  artefact: string;
}

interface Decided {
  decision: string;
  group: string;
  by: string;
  identified: string;
  at: string;
  reason: string | null;
}

const decisionsOf = ({ outcome }: EvidenceRecord): Decided[] => (outcome?.decisions ?? []) as Decided[];

const fieldOf = (value: unknown, name: string): string => {
  const field = ((value ?? {}) as Record<string, unknown>)[name];
  return typeof field === 'string' ? field : '';
};

export function lineOf({ sequence, record }: Entry): Line {
  const { run, input, outcome, changes, artefact } = record;
  const decisions = decisionsOf(record);
  return {
    sequence,
    execution: run.executionArn,
    database: fieldOf(input, 'database'),
    end: fieldOf(outcome, 'end'),
    status: run.status,
    started: run.startedAt,
    ended: run.endedAt,
    requestedBy: fieldOf(input, 'requestedBy'),
    ticket: fieldOf(input, 'ticket'),
    decidedBy: decisions.map(({ by, decision, group }) => `${by} (${group}: ${decision})`).join('; '),
    identified: [...new Set(decisions.map(({ identified }) => identified))].join('; '),
    changes: changes.length,
    artefact,
  };
}

/** The population as CSV (RFC 4180). A cell that a spreadsheet would take for a formula is shown as text. */
export function toCsv(entries: readonly Entry[]): string {
  const lines = entries.map(lineOf);
  const names = Object.keys(lines[0] ?? {}) as (keyof Line)[];
  const rows = lines.map((line) => names.map((name) => cell(String(line[name]))).join(','));
  return [names.join(','), ...rows].map((row) => `${row}\r\n`).join('');
}

function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const style = `body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}
table{border-collapse:collapse;width:100%;margin:.5rem 0 1.5rem}th,td{text-align:left;vertical-align:top;padding:.3rem .6rem;border-bottom:1px solid #ccc;overflow-wrap:anywhere}
pre{white-space:pre-wrap;overflow-wrap:anywhere;background:#f4f4f4;padding:1rem}h2{margin-top:2rem}@media print{body{margin:0}pre{background:none}}`;

/** A run on a page that needs nothing else: to be read, printed and kept. */
export function toPage(entry: Entry): string {
  const { record, sequence, fileDigest } = entry;
  const line = lineOf(entry);
  const title = `${line.database || 'Going back'}: ${line.end || record.run.status}`;
  return html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title><style>${style}</style></head>
<body>
<h1>${title}</h1>
<p>Record ${sequence} of the ledger, written ${record.writtenAt}, SHA-256 of its file ${fileDigest}.</p>
<table>${Object.entries(line).map(([name, value]) => html`<tr><th scope="row">${name}</th><td>${String(value)}</td></tr>`)}</table>
<h2>Decisions</h2>
${decisionTable(record)}
<h2>Calls that changed something</h2>
${changeTable(record)}
<h2>States</h2>
<table><tr><th scope="col">entered</th><th scope="col">state</th></tr>${record.states.map(({ name, enteredAt }) => html`<tr><td>${enteredAt}</td><td>${name}</td></tr>`)}</table>
<h2>Request</h2>
<pre>${JSON.stringify(record.input, null, 2)}</pre>
<h2>Outcome</h2>
<pre>${JSON.stringify(record.outcome, null, 2)}</pre>
<h2>What each state answered last</h2>
<pre>${JSON.stringify(record.answers, null, 2)}</pre>
</body>
</html>
`.text;
}

function decisionTable(record: EvidenceRecord) {
  const decisions = decisionsOf(record);
  if (decisions.length === 0) return html`<p>None is in the outcome.</p>`;
  return html`<table><tr><th scope="col">at</th><th scope="col">group</th><th scope="col">decision</th><th scope="col">by</th><th scope="col">identified</th><th scope="col">reason</th></tr>${decisions.map(
    ({ at, group, decision, by, identified, reason }) =>
      html`<tr><td>${at}</td><td>${group}</td><td>${decision}</td><td>${by}</td><td>${identified}</td><td>${reason}</td></tr>`,
  )}</table>`;
}

function changeTable({ changes }: EvidenceRecord) {
  if (changes.length === 0) return html`<p>None.</p>`;
  return html`<table><tr><th scope="col">at</th><th scope="col">by</th><th scope="col">call</th><th scope="col">resource</th><th scope="col">outcome</th><th scope="col">request id</th></tr>${changes.map(
    ({ at, by, call, resource, outcome, error, requestId }) =>
      html`<tr><td>${at}</td><td>${by}</td><td>${call}</td><td>${resource}</td><td>${outcome}${error && ` (${error})`}</td><td>${requestId}</td></tr>`,
  )}</table>`;
}
