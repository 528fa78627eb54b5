import { taskPhase } from '../domain/model/phase.ts';
import { foreignText, oneLine, quote, showSpan, showTime } from '../domain/model/text.ts';
import { readApprovals } from '../domain/run/approvals.ts';
import { type Advice, adviseOn, textsIn } from '../domain/run/commands.ts';
import { databaseOf, nameOfRun, type RunFacts } from '../domain/run/facts.ts';
import { type LagCurve, lagLimit } from '../domain/run/lag-curve.ts';
import { goesBack } from '../domain/run/phase.ts';
import { isOpen, readStanding, type Standing } from '../domain/run/standing.ts';
import { byPhase, readTimeline, type Step } from '../domain/run/timeline.ts';
import { lagFigure } from './curve.ts';
import { type Html, html, type Part } from './html.ts';
import { frame, row } from './pages.ts';

/** When the page is written, and for whom. */
export interface PageSetting {
  /** Milliseconds since the epoch. */
  now: number;
  /** It does not refresh itself. */
  still: boolean;
  /** Address of the HTTP API, for commands. */
  api: string;
}

/** Steps that the table names; an execution has some fifty. */
const mostSteps = 200;

/** The page of an execution: how it stands, and what a person can do. */
export function runPage(
  facts: RunFacts,
  curve: LagCurve | 'unreadable' | undefined,
  { now, still, api }: PageSetting,
): Html {
  const standing = readStanding(facts, now);
  const database = databaseOf(facts);
  const title = `${oneLine(database ?? nameOfRun(facts), 100)}: ${standing.ended ?? standing.phase}`;
  return frame(
    title,
    html`<nav aria-label="Place"><a href="/runs">All runs</a></nav>
<h1>${title}</h1>
<p class="soft">${goesBack(facts.executionArn) ? 'Execution that goes back' : 'Run'} <span class="name">${oneLine(nameOfRun(facts), 100)}</span>, started ${moment(facts.startedAt)}</p>
${isOpen(facts) ? openNote(standing) : endedNote(facts)}
<dl>
${standingRows(facts, standing, now)}
</dl>
${buildProgress(facts)}
${curve === undefined ? '' : html`<h2>Lag of green</h2>${curve === 'unreadable' ? html`<p class="note warn">The lag could not be read from CloudWatch. The run reads it itself, and decides by that.</p>` : lagFigure(curve, lagLimit(facts, curve.unit))}`}
${approvals(facts)}
<h2>What to do</h2>
<ul class="advice">${adviseOn(facts, api).map(advice)}</ul>
${timeline(readTimeline(facts, now), facts.leftOut)}
<p class="soft">Read ${moment(iso(now))}. ${freshness(facts, still)}</p>`,
  );
}

const moment = (at: string): Html => html`<time datetime="${at}">${showTime(at)}</time>`;
const iso = (at: number): string => new Date(at).toISOString();

function openNote({ state, waitsFor }: Standing): Html {
  if (waitsFor.length === 0)
    return html`<div class="note"><p>It is at “${state}” and waits for nobody.</p></div>`;
  return html`<div class="note"><p>It waits for:</p><ul>${waitsFor.map((what) => html`<li>${what}</li>`)}</ul></div>`;
}

/** What the outcome says, in its words; of an execution that died, what Step Functions says. */
function endedNote({ outcome, error, cause }: RunFacts): Html {
  const parts = [...textsIn(outcome?.happened), ...textsIn(outcome?.writable), ...textsIn(outcome?.costs)];
  if (parts.length > 0)
    return html`<div class="note ${error ? 'warn' : ''}"><ul>${parts.map((part) => html`<li>${part}</li>`)}</ul></div>`;
  if (error === null && cause === null) return html``;
  return html`<div class="note warn"><p>${oneLine(error ?? 'It ended', 200)}${cause ? html`: ${quote(cause, 1_000)}` : ''}</p></div>`;
}

function standingRows(facts: RunFacts, standing: Standing, now: number): Html[] {
  const costs = row('Beside production', standing.costs ?? 'nothing that this run has made');
  return facts.endedAt === null
    ? [...openRows(facts, standing, now), costs]
    : [
        row(
          'Ended',
          html`${moment(facts.endedAt)}, ${showSpan((Date.parse(facts.endedAt) - Date.parse(facts.startedAt)) / 1_000)} after its start`,
        ),
        costs,
      ];
}

function openRows({ waits }: RunFacts, { phase, state, since, until, next }: Standing, now: number): Html[] {
  const span = (at: string) => showSpan(Math.abs(now - Date.parse(at)) / 1_000);
  return [
    row('Phase', phase),
    row('State', state),
    row('Since', html`${moment(since)}, ${span(since)} ago`),
    ...(until === null
      ? []
      : [
          row(
            'Until at the latest',
            html`${moment(until)}, ${Date.parse(until) > now ? `in ${span(until)}` : `over for ${span(until)}`}`,
          ),
        ]),
    ...waits.map(({ group, at }) =>
      row(
        group === null ? 'Looked last' : `Looked last for ${foreignText(group, 100)}`,
        html`${moment(iso(at))}, ${span(iso(at))} ago`,
      ),
    ),
    ...(next === null ? [] : [row('Next', next)]),
  ];
}

const taskWords = { done: 'done', waiting: 'to come', failed: 'failed', unknown: 'not known' };

/** By the tasks of RDS, which are the only measure that it gives of a whole deployment. */
function buildProgress({ buildTasks, answered }: RunFacts): Part {
  if (buildTasks.length === 0 || answered.has('Wait for green')) return '';
  const done = buildTasks.filter(({ status }) => taskPhase(status) === 'done').length;
  const words = `${done} of ${buildTasks.length} tasks done`;
  return html`<h2>Green is being built</h2>
<p><label for="tasks">${words}</label></p>
<progress id="tasks" max="${buildTasks.length}" value="${done}">${words}</progress>
<ul class="tasks">${buildTasks.map(
    ({ name, status }) =>
      html`<li class="${taskPhase(status)}">${foreignText(name, 100)} <span class="soft">(${status === 'IN_PROGRESS' ? 'under way' : taskWords[taskPhase(status)]})</span></li>`,
  )}</ul>`;
}

/** Everything about the people of an approval. */
function approvals(facts: RunFacts): Html {
  const groups = readApprovals(facts);
  if (groups === 'not required')
    return html`<h2>Approval</h2><p>The request asks nobody: it has <code>approval.required: false</code>.</p>`;
  if (groups.length === 0) return html`<h2>Approval</h2><p>Nobody was asked yet.</p>`;
  return html`<h2>Approval</h2>
<ul class="rows">${groups.map(
    ({ group, answer, by, at, reason }) =>
      html`<li><strong>${foreignText(group, 100)}</strong>: ${answer}${by ? html` by ${foreignText(by, 200)}` : ''}${at ? html`, ${moment(at)}` : ''}${reason ? html`<br>${quote(reason)}` : ''}</li>`,
  )}</ul>
<p class="hint">As the history has it. The final check verifies the seal of each answer before the cut.</p>`;
}

const advice = ({ text, command }: Advice): Html =>
  html`<li>${text}${command === undefined ? '' : html`<br><code>${command}</code>`}</li>`;

function timeline(steps: Step[], leftOut: number): Html {
  const shown = steps.slice(-mostSteps);
  const hidden = steps.length - shown.length;
  return html`<h2>Timeline</h2>
${hidden > 0 ? html`<p class="soft">The first ${hidden} steps are not shown.</p>` : ''}
${leftOut > 0 ? html`<p class="note warn">${leftOut} events in the middle of the history were not read, so steps are missing there. The console of Step Functions has all of them.</p>` : ''}
${byPhase(shown).map(
  ({
    phase,
    at,
    seconds,
    steps: own,
  }) => html`<h3>${phase} <span class="soft">${moment(iso(at))}, ${showSpan(seconds)}</span></h3>
<ol class="rows steps">${own.map(
    (step) =>
      html`<li><time datetime="${iso(step.at)}">${iso(step.at).slice(11, 19)}</time> <span>${step.state}${step.visits > 1 ? html` <span class="soft">(${step.visits} looks)</span>` : ''}</span> <span class="soft">${step.seconds < 1 ? '' : showSpan(step.seconds)}</span></li>`,
  )}</ol>`,
)}`;
}

function freshness(facts: RunFacts, still: boolean): Html {
  if (!isOpen(facts)) return html`The run is over, so nothing here changes any more.`;
  return still
    ? html`This page stands still. <a href="?">Let it refresh itself</a>`
    : html`It refreshes itself while the run is open. <a href="?still=yes">Keep it still</a>`;
}
