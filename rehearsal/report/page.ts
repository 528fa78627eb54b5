import { showValue } from '../../functions/domain/bake/metrics.ts';
import { escapeText } from '../../functions/http/html.ts';
import { describeAttempts } from './attempts.ts';
import { linePicture, timelinePicture } from './pictures.ts';
import type { Hold, Report } from './types.ts';
import { describeWriteErrors } from './write-errors.ts';

const style = `
:root { color-scheme: light dark; --ink: light-dark(#1c2321, #e6ece9); --paper: light-dark(#fbfcfb, #121615); --quiet: light-dark(#5c6965, #93a19c);
  --bar: light-dark(#2f7d66, #56b394); --mark: light-dark(#f3c9a8, #6b3f1f); --bad: light-dark(#a3261b, #ff8a7d); --rule: light-dark(#d7dedb, #2b3432); }
body { overflow-wrap: anywhere; font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 960px; margin: 2.5rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; margin: 0 0 .2rem; } h2 { font-size: 1.05rem; margin: 2.2rem 0 .5rem; }
p.quiet, td.quiet { color: var(--quiet); } .bad { color: var(--bad); font-weight: 600; }
table { border-collapse: collapse; width: 100%; } td, th { text-align: left; padding: .25rem .8rem .25rem 0; border-bottom: 1px solid var(--rule); vertical-align: top; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
.wide { overflow-x: auto; } .wide :is(table, svg) { overflow-wrap: normal; min-width: 36rem; } .wide.narrow table { overflow-wrap: anywhere; min-width: 0; } .narrow :is(td, th):first-child { overflow-wrap: normal; }
summary { cursor: pointer; color: var(--quiet); } svg { width: 100%; height: auto; display: block; } svg text { font: 11px system-ui, sans-serif; fill: var(--ink); }
.bar { fill: var(--bar); } .line { fill: none; stroke: var(--bar); stroke-width: 1.5; } .mark { fill: var(--mark); } .axis { stroke: var(--quiet); fill: none; }
td .share { display: inline-block; height: .7em; min-width: 2px; background: var(--bar); } td:has(.share) { width: 40%; }
pre { white-space: pre-wrap; border-left: 3px solid var(--rule); padding-left: 1rem; font: 13px/1.5 ui-monospace, monospace; }
`;

type Cell = string | number;

function row(cells: Cell[], like: Cell[] = cells, tag: 'td' | 'th' = 'td'): string {
  const scope = tag === 'th' ? ' scope="col"' : '';
  const cell = (value: Cell, column: number) =>
    `<${tag}${scope}${typeof like[column] === 'number' ? ' class="number"' : ''}>${typeof value === 'number' ? value.toLocaleString('en') : value}</${tag}>`;
  return `<tr>${cells.map(cell).join('')}</tr>`;
}

/** Numbers, and the head above them, stand at the right of their column. */
function table(head: string[], rows: Cell[][]): string {
  const body = rows.map((cells) => row(cells)).join('');
  const content = `<table><thead>${row(head, rows[0], 'th')}</thead><tbody>${body}</tbody></table>`;
  return head.length > 2 ? wide(`Table by ${head[0]}`, content) : `<div class="wide narrow">${content}</div>`;
}

/** On a phone it is scrolled to the side by itself, with a finger or by keys, and the page is not. */
const wide = (label: string, content: string): string =>
  `<div class="wide" role="group" tabindex="0" aria-label="${escapeText(label)}">${content}</div>`;

/** A picture, and the same for those who do not see it. */
const pictured = (title: string, picture: string, head: string[], rows: Cell[][]): string =>
  `${wide(title, picture)}<details><summary>${escapeText(title)}, as a table</summary>${table(head, rows)}</details>`;

const verdict = (good: boolean, yes: string, no: string) => (good ? yes : `<span class="bad">${no}</span>`);

function client({ cut, goingBack, rows, versions }: Report): string {
  return table(
    ['What a client saw', 'Value'],
    [
      ['Version before', escapeText(versions.before)],
      ['Version after', escapeText(versions.after)],
      ['Longest gap between two acknowledged writes around the cut', milliseconds(cut.longestWriteGapMs)],
      ...(goingBack ? [['The same, going back', milliseconds(goingBack.longestWriteGapMs)]] : []),
      ['The same in the whole run', milliseconds(cut.longestGapOfRunMs)],
      ['Rows acknowledged', rows.acknowledged.toLocaleString('en')],
      ['Rows found', rows.found.toLocaleString('en')],
      ['Rows lost', verdict(rows.lost === 0, '0', String(rows.lost))],
      ['Rows doubled', verdict(rows.doubled === 0, '0', String(rows.doubled))],
      ['Errors that writers got', escapeText(describeWriteErrors(cut.writeErrors))],
      ['Committed although the writer saw an error', String(cut.unknownOutcome)],
    ],
  );
}

const milliseconds = (ms: number) => `${ms.toLocaleString('en', { maximumFractionDigits: 0 })} ms`;

/** Acknowledged rows by the side that took them. A run without a cut has one side only. */
function periods({ periods: all }: Report): string {
  if (all.length < 2) return '';
  const rows = all.map(({ name, acknowledged, lost, doubled }) => [
    `Acknowledged ${escapeText(name)}`,
    acknowledged,
    verdict(lost + doubled === 0, 'each found exactly once', `${lost} lost, ${doubled} doubled`),
  ]);
  return `<h2>Rows, on the database that serves at the end</h2>${table(['period', 'rows', 'found'], rows)}`;
}

function clients({ clients: all }: Report): string {
  const rows = all.map(({ kind, acknowledged, lost, doubled, refused, errors, atOldAddress }) => [
    escapeText(kind),
    acknowledged,
    verdict(lost + doubled === 0, 'each found exactly once', `${lost} lost, ${doubled} doubled`),
    refused,
    errors,
    atOldAddress,
  ]);
  const head = ['kind', 'rows', 'found', 'refused', 'other errors', 'attempts at an old address'];
  return `<h2>Kinds of clients</h2>${table(head, rows)}`;
}

/** Which side answered the readers that came by their record, and how old the newest row was that green showed. */
function reads({ reads: periods }: Report): string {
  if (!periods) return '';
  const rows = periods.map(({ period, byBlue, byGreen, errors, oldestOnGreenMs }) => [
    escapeText(period),
    byBlue,
    byGreen,
    oldestOnGreenMs === null ? '' : Math.round(oldestOnGreenMs),
    errors,
  ]);
  const head = ['reads', 'answered by blue', 'answered by green', 'oldest newest row on green, ms', 'errors'];
  return `<h2>Readers</h2>${table(head, rows)}`;
}

/** How long writes were held, and by which states. */
function hold(what: string, { from, to, ms, states }: Hold): string {
  const longest = Math.max(1, ...states.map((state) => state.ms));
  const rows = states.map((state) => [
    escapeText(state.name),
    Math.round(state.ms),
    `<span class="share" style="width:${((100 * state.ms) / longest).toFixed(1)}%"></span>`,
  ]);
  return `<h2>${what}: writes held for ${milliseconds(ms)}</h2>
<p class="quiet">From the answer of “${escapeText(from)}” to the answer of “${escapeText(to)}”.</p>${table(['state', 'ms', 'share'], rows)}`;
}

function holds({ cut, goingBack }: Report): string {
  return [
    cut.windowMs === null
      ? ''
      : `<p>Inside RDS the cut took ${milliseconds(cut.windowMs)}, from the first step against writes on blue until green was open.</p>`,
    cut.hold ? hold('The cut', cut.hold) : '',
    goingBack?.hold ? hold('Going back', goingBack.hold) : '',
  ].join('');
}

/** Tables and sequences, at the cut and going back. */
function comparisons({ tables, sequences, goingBack }: Report): string {
  const atCut = table(
    ['table', 'rows', 'checksum at the cut', 'compared'],
    tables.map(({ name, rows, checksum, equal, isView }) => [
      escapeText(isView ? `${name} (materialized view)` : name),
      rows,
      escapeText(checksum),
      isView && !equal ? 'as it was refreshed last' : verdict(equal, 'equal on both sides', 'DIFFERS'),
    ]),
  );
  const ofSequences = table(
    ['sequence', 'at the cut', 'compared', 'at the end'],
    sequences.map(({ name, value, equal, ahead, wasBehind }) => [
      escapeText(name),
      value === null ? '' : Number(value),
      equal === null ? '' : verdict(equal, 'equal on both sides', 'DIFFERS'),
      ahead === null
        ? 'fills no column of numbers'
        : wasBehind && !ahead
          ? 'behind, as it was on blue'
          : verdict(ahead, 'past all it has filled', 'BEHIND'),
    ]),
  );
  return `<h2>Tables compared</h2>${tables.length === 0 ? '<p class="quiet">There was no cut.</p>' : atCut}${back(goingBack)}<h2>Sequences compared</h2>${ofSequences}`;
}

/** What the planner of green knew when people were asked. */
function statistics({ statistics: known }: Report): string {
  if (!known) return '';
  const rows = known.tables.map(({ name, rows: estimate, columns }) => [
    escapeText(name),
    estimate ?? verdict(false, '', 'never analyzed'),
    columns,
  ]);
  return `<h2>Statistics of green before the approval</h2><p>${escapeText(known.told)}</p>${table(['table', 'estimated rows', 'columns with statistics'], rows)}`;
}

/** Blue before the cut beside new production after it. */
function bake({ bake: known }: Report): string {
  if (!known?.verdict) return '';
  const { verdict: said, because, baseline, compared } = known;
  const names = [...new Set([...Object.keys(baseline?.usual ?? {}), ...Object.keys(compared)])];
  const show = (name: string, value: number | null | undefined) =>
    value === null || value === undefined ? 'not known' : showValue(name, value);
  const rows = names.map((name) => [
    escapeText(name),
    show(name, baseline?.usual[name]?.value),
    baseline?.usual[name]?.points ?? 0,
    show(name, compared[name]?.after),
    compared[name]?.points ?? 0,
  ]);
  return `<h2>Bake</h2><p>${verdict(said === 'pass', 'pass', said)}${because ? `: ${escapeText(because)}` : ''}</p>${table(['metric', 'usual on blue', 'points', 'usual on new production', 'points'], rows)}`;
}

function back(goingBack: Report['goingBack']): string {
  if (!goingBack) return '';
  const { compared, sequencesSet, attempts } = goingBack;
  const killed = describeAttempts(attempts);
  const ofTables =
    compared === null
      ? 'no table was compared'
      : `${compared.tables - compared.differing} of ${compared.tables} tables were equal on both sides (${escapeText(compared.by)})`;
  return `<p>Going back, while both sides stood still, ${ofTables}; ${sequencesSet ?? 'no'} sequences were set to where they stood on the other side.${killed ? ` Its executions ended ${escapeText(killed)}.` : ''}</p>`;
}

/** A timeline for the run, and one for going back. */
function timelines(span: Span, states: Report['states']): string {
  const machines = Map.groupBy(states, ({ machine }) => machine);
  return [...machines]
    .map(([machine, own]) => {
      const rows = own
        .filter(({ name }) => !name.endsWith('?'))
        .map(({ name, enteredAt, exitedAt }) => [
          escapeText(name),
          secondsIn(span, enteredAt),
          Math.round((exitedAt ?? span.to) - enteredAt),
        ]);
      const title = `States of ${machine}`;
      return `<h2>${escapeText(title)}</h2>${pictured(title, timelinePicture(span, own), ['state', 'entered after s', 'ms'], rows)}`;
    })
    .join('');
}

interface Span {
  from: number;
  to: number;
}

const secondsIn = ({ from }: Span, at: number): number => Number(((at - from) / 1000).toFixed(1));

function writes(span: Span, report: Report): string {
  const title = 'Acknowledged writes a second';
  const points = report.writesPerSecond.map(({ at, writes: value }) => ({ at, value }));
  const picture = linePicture(span, { title, unit: 'a second', points, marks: marks(report) });
  const rows = points.map(({ at, value }) => [secondsIn(span, at), value]);
  return `<h2>Acknowledged writes</h2>${pictured(title, picture, ['after s', 'writes'], rows)}`;
}

function lag(span: Span, report: Report): string {
  const title = 'Replication lag in bytes';
  const points = report.lag.map(({ at, bytes }) => ({ at, value: bytes }));
  const picture = linePicture(span, { title, unit: 'bytes', points });
  const rows = points.map(({ at, value }) => [secondsIn(span, at), value ?? 'not known']);
  return `<h2>Replication lag</h2>${pictured(title, picture, ['after s', 'bytes'], rows)}`;
}

/** What was rehearsed, and where: the figures are of nothing else. */
function rehearsed({ rehearsed: known, own, green }: Report): string {
  const data = own
    ? `${own.tables.toLocaleString('en')} tables and ${own.rows.toLocaleString('en')} rows of the file or server that the command names`
    : "the rehearsal's own tables";
  const way =
    green.way === 'copy'
      ? 'a copy of blue that pg_upgrade upgraded, as RDS does it'
      : `an empty server on which the statements were run${green.because ? `: ${green.because}` : ''}`;
  return table(
    ['What was rehearsed', 'Value'],
    [
      ['Command', `<code>${escapeText(known.command)}</code>`],
      ['Data', escapeText(data)],
      ['Green', escapeText(way)],
      ['Machine', escapeText(known.machine)],
    ],
  );
}

function marks({ cut, goingBack }: Report) {
  const all = [
    { ...cut, label: cut.windowMs === null ? 'longest gap' : 'cut' },
    ...(goingBack ? [{ ...goingBack, label: 'going back' }] : []),
  ];
  return all.flatMap(({ gapAt, longestWriteGapMs, label }) =>
    gapAt === null
      ? []
      : [
          {
            from: gapAt,
            to: gapAt + longestWriteGapMs,
            label: `${label} ${milliseconds(longestWriteGapMs)}`,
          },
        ],
  );
}

/** The report as one page that needs nothing else. */
export function reportPage(report: Report): string {
  const span = { from: report.startedAt, to: report.endedAt };
  const seconds = ((report.endedAt - report.startedAt) / 1000).toFixed(1);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Rehearsal: ${escapeText(report.endState)}</title><style>${style}</style></head><body><main>
<h1>${escapeText(report.endState)}</h1>
<p class="quiet">${verdict(report.asExpected, 'as expected', 'NOT as expected')} · ${seconds} s · ${report.history.events} history events · ${report.history.transitions} state transitions · ticks, timeouts and metric periods ran ${report.timeScale} times faster than on AWS${report.error ? ` · ${escapeText(report.error)}` : ''}</p>
${report.cause ? `<p>${escapeText(report.cause)}</p>\n` : ''}${rehearsed(report)}
${client(report)}
${clients(report)}${periods(report)}${statistics(report)}${bake(report)}${holds(report)}${timelines(span, report.states)}
${writes(span, report)}
${lag(span, report)}
<h2>Invariants</h2>${table(
    ['invariant', 'verdict', 'what was checked'],
    report.invariants.map(({ id, holds, detail }) => [
      id,
      verdict(holds, 'holds', 'BROKEN'),
      escapeText(detail),
    ]),
  )}
${comparisons(report)}
<h2>Announcements</h2>${report.announcements.map(({ subject, text }) => `<h3>${escapeText(subject)}</h3><pre>${escapeText(text)}</pre>`).join('')}
${reads(report)}
${report.noWayBack ? `<h2>No way back</h2><p>${escapeText(report.noWayBack)}</p>` : ''}
${report.warnings.length > 0 ? `<h2>Warnings</h2><ul>${report.warnings.map((text) => `<li>${escapeText(text)}</li>`).join('')}</ul>` : ''}
<p class="quiet">State machine file sha256 ${report.definitionSha256}. Everything ran on this machine: the figures say what the procedure costs, not what AWS will show.</p>
</main></body></html>
`;
}
