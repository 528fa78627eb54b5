import type { EndedRuns, OpenRuns } from '../aws/step-functions/list-runs.ts';
import { foreignText, showSpan, showTime } from '../domain/model/text.ts';
import { nameOfRun } from '../domain/run/facts.ts';
import type { ListedRun } from '../domain/run/list.ts';
import { goesBack } from '../domain/run/phase.ts';
import { type Html, html, type Part } from './html.ts';
import { frame } from './pages.ts';

/** What the list shows: one page of it. */
export interface Listing {
  /** Of each state machine; none on a page that is not the first. */
  open: OpenRuns[];
  ended: EndedRuns;
  /** The ended ones are executions that went back. */
  goingBack: boolean;
  first: boolean;
  /** Milliseconds since the epoch. */
  now: number;
}

/** All executions of the stack, the open ones first. */
export function runsPage({ open, ended, goingBack, first, now }: Listing): Html {
  const runs = open.flatMap((one) => one.runs);
  const what = goingBack ? 'Executions that went back' : 'Ended runs';
  const here = goingBack ? '?of=going-back' : '?of=runs';
  return frame(
    'Runs',
    html`<h1>Runs of this stack</h1>
${first ? openSection(runs, open, now) : html`<p><a href="/runs">First page, with the open runs</a></p>`}
<h2>${what}</h2>
${ended.runs.length === 0 ? html`<p>None on this page.</p>` : endedTable(what, ended.runs)}
<p>${ended.next === undefined ? html`<span class="soft">These are the last.</span>` : html`<a href="/runs${here}&amp;after=${encodeURIComponent(ended.next)}">Older ones</a>`}
&nbsp; ${goingBack ? html`<a href="/runs">Ended runs</a>` : html`<a href="/runs?of=going-back">Executions that went back</a>`}</p>
<p class="soft">Read <time datetime="${new Date(now).toISOString()}">${showTime(new Date(now).toISOString())}</time>. Step Functions keeps an execution for 90 days after its end; <code>npm run evidence</code> reads the records of older ones.</p>`,
  );
}

function openSection(runs: ListedRun[], open: OpenRuns[], now: number): Html {
  return html`<h2>Open</h2>
${runs.length === 0 ? html`<p>No execution is open.</p>` : openTable(runs, now)}
${open.some(({ more }) => more) ? html`<p class="note warn">More are open than are named here: the newest are shown.</p>` : ''}`;
}

const openTable = (runs: ListedRun[], now: number): Html =>
  table(
    'Open',
    ['Database', 'Execution', 'Phase', 'Open for'],
    runs.map((run) => [
      database(run),
      link(run),
      run.phase === null ? 'open' : html`${run.phase}<br><span class="soft">${run.state ?? ''}</span>`,
      showSpan((now - Date.parse(run.startedAt)) / 1_000),
    ]),
  );

const endedTable = (label: string, runs: ListedRun[]): Html =>
  table(
    label,
    ['Database', 'Execution', 'Ended', 'How'],
    runs.map((run) => [
      database(run),
      link(run),
      run.endedAt ? html`<time datetime="${run.endedAt}">${showTime(run.endedAt)}</time>` : '-',
      run.error ? foreignText(run.error, 100) : statusWords(run.status),
    ]),
  );

function table(label: string, head: string[], rows: Part[][]): Html {
  return html`<table class="list" aria-label="${label}"><thead><tr>${head.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead><tbody>
${rows.map((cells) => html`<tr>${cells.map((cell, index) => html`<td data-at="${head[index]}">${cell}</td>`)}</tr>`)}
</tbody></table>`;
}

const database = ({ database: name }: ListedRun): string => (name === null ? '-' : foreignText(name, 100));

/** A run by its name; an execution that goes back by its whole ARN, since a run may have the same name. */
function link(run: ListedRun): Html {
  const back = goesBack(run.executionArn);
  const target = back ? run.executionArn : nameOfRun(run);
  return html`<a href="/runs/${encodeURIComponent(target)}">${nameOfRun(run)}</a>${back ? html` <span class="tag">goes back</span>` : ''}`;
}

const statusWords = (status: string): string => status.toLowerCase().replace('_', ' ');
