import { escapeText, linePicture, timelinePicture } from './pictures.ts';
import type { Report } from './report.ts';
import { describeWriteErrors } from './write-errors.ts';

const style = `
:root { color-scheme: light dark; --ink: light-dark(#1c2321, #e6ece9); --paper: light-dark(#fbfcfb, #121615); --quiet: light-dark(#5c6965, #93a19c);
  --bar: light-dark(#2f7d66, #56b394); --mark: light-dark(#f3c9a8, #6b3f1f); --bad: light-dark(#a3261b, #ff8a7d); --rule: light-dark(#d7dedb, #2b3432); }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 960px; margin: 2.5rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; margin: 0 0 .2rem; } h2 { font-size: 1.05rem; margin: 2.2rem 0 .5rem; }
p.quiet, td.quiet { color: var(--quiet); } .bad { color: var(--bad); font-weight: 600; }
table { border-collapse: collapse; width: 100%; } td, th { text-align: left; padding: .25rem .8rem .25rem 0; border-bottom: 1px solid var(--rule); vertical-align: top; }
td.number { text-align: right; font-variant-numeric: tabular-nums; }
svg { width: 100%; height: auto; display: block; } svg text { font: 11px system-ui, sans-serif; fill: var(--ink); }
.bar { fill: var(--bar); } .line { fill: none; stroke: var(--bar); stroke-width: 1.5; } .mark { fill: var(--mark); } .axis { stroke: var(--quiet); fill: none; }
pre { white-space: pre-wrap; border-left: 3px solid var(--rule); padding-left: 1rem; font: 13px/1.5 ui-monospace, monospace; }
`;

function row(cells: (string | number)[], tag = 'td'): string {
  const cell = (value: string | number) =>
    `<${tag}${typeof value === 'number' ? ' class="number"' : ''}>${typeof value === 'number' ? value.toLocaleString('en') : value}</${tag}>`;
  return `<tr>${cells.map(cell).join('')}</tr>`;
}

function table(head: string[], rows: (string | number)[][]): string {
  return `<table><thead>${row(head, 'th')}</thead><tbody>${rows.map((cells) => row(cells)).join('')}</tbody></table>`;
}

const verdict = (good: boolean, yes: string, no: string) => (good ? yes : `<span class="bad">${no}</span>`);

function client(report: Report): string {
  const { cut, rows, versions } = report;
  return table(
    ['What a client saw', ''],
    [
      ['Version before', escapeText(versions.before)],
      ['Version after', escapeText(versions.after)],
      [
        'Longest gap between two acknowledged writes around the cut',
        `${cut.longestWriteGapMs.toFixed(1)} ms`,
      ],
      ['The same in the whole run', `${cut.longestGapOfRunMs.toFixed(1)} ms`],
      ['Rows acknowledged', rows.acknowledged.toLocaleString('en')],
      ['Rows found', rows.found.toLocaleString('en')],
      ['Rows lost', verdict(rows.lost === 0, '0', String(rows.lost))],
      ['Rows doubled', verdict(rows.doubled === 0, '0', String(rows.doubled))],
      ['Errors that writers got', escapeText(describeWriteErrors(cut.writeErrors))],
      ['Committed although the writer saw an error', String(cut.unknownOutcome)],
    ],
  );
}

/** The report as one page that needs nothing else. */
export function reportPage(report: Report): string {
  const span = { from: report.startedAt, to: report.endedAt };
  const gap = report.cut.gapAt;
  const seconds = ((report.endedAt - report.startedAt) / 1000).toFixed(1);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Rehearsal: ${escapeText(report.endState)}</title><style>${style}</style></head><body>
<h1>${escapeText(report.endState)}</h1>
<p class="quiet">${verdict(report.asExpected, 'as expected', 'NOT as expected')} · ${seconds} s · ${report.history.events} history events · ${report.history.transitions} state transitions · ticks, timeouts and metric periods ran ${report.timeScale} times faster than on AWS${report.error ? ` · ${escapeText(report.error)}` : ''}</p>
${report.cause ? `<p>${escapeText(report.cause)}</p>\n` : ''}${client(report)}
<h2>States</h2>${timelinePicture(span, report.states)}
<h2>Acknowledged writes</h2>${linePicture(span, {
    title: 'Acknowledged writes a second',
    unit: 'a second',
    points: report.writesPerSecond.map(({ at, writes }) => ({ at, value: writes })),
    ...(gap === null
      ? {}
      : {
          mark: {
            from: gap,
            to: gap + report.cut.longestWriteGapMs,
            label: `longest gap ${report.cut.longestWriteGapMs.toFixed(0)} ms`,
          },
        }),
  })}
<h2>Replication lag</h2>${linePicture(span, {
    title: 'Replication lag in bytes',
    unit: 'bytes',
    points: report.lag.map(({ at, bytes }) => ({ at, value: bytes })),
  })}
<h2>Invariants</h2>${table(
    ['', '', 'what was checked'],
    report.invariants.map(({ id, holds, detail }) => [
      id,
      verdict(holds, 'holds', 'BROKEN'),
      escapeText(detail),
    ]),
  )}
<h2>Tables compared</h2>${table(
    ['table', 'rows', 'checksum', ''],
    report.tables.map(({ name, rows, checksum, equal }) => [
      escapeText(name),
      rows,
      escapeText(checksum),
      verdict(equal, 'equal', 'DIFFERS'),
    ]),
  )}
<h2>Announcements</h2>${report.announcements.map(({ subject, text }) => `<h3>${escapeText(subject)}</h3><pre>${escapeText(text)}</pre>`).join('')}
${report.warnings.length > 0 ? `<h2>Warnings</h2><ul>${report.warnings.map((text) => `<li>${escapeText(text)}</li>`).join('')}</ul>` : ''}
<p class="quiet">State machine file sha256 ${report.definitionSha256}. Everything ran on this machine: the figures say what the procedure costs, not what AWS will show.</p>
</body></html>
`;
}
