import { type Fact, isDifferent } from '../domain/approval/evidence.ts';
import { longestName, longestReason, type Problems } from '../domain/approval/form.ts';
import { longestPauseHours, type Steering } from '../domain/hold/steering.ts';
import { quote, showSpan, showTime } from '../domain/model/text.ts';
import { type Html, html } from './html.ts';
import { frame, row } from './pages.ts';
import type { View } from './protocol.ts';

/** What a person had typed, to be shown again. What was typed as the phrase is not. */
export interface Typed {
  answer?: string;
  by?: string;
  reason?: string;
  statement?: string;
}

/** The question with its facts and its form. `now` in milliseconds since the epoch. */
export function questionPage(view: View, problems: Problems, typed: Typed, now: number): Html {
  const stop = view.purpose === 'stop';
  const title = stop ? stopTitle(view) : view.goingBack ? 'Decide on going back' : 'Decide on a switchover';
  const wrong = Object.keys(problems).length > 0;
  return frame(
    wrong ? `Not recorded yet: ${title}` : title,
    html`<h1>${title}</h1>
${stop ? html`${view.paused && html`<p class="note">Paused since ${showTime(view.paused.at)}: ${quote(view.paused.because)}</p>`}${view.mayPause && pauseLead}${view.mayGoBack && goBackLead}${stopLead}` : decideLead(view, now)}
${wrong && summary(problems)}
<h2>${view.goingBack ? 'What going back means' : 'What the run is about'}</h2>
<dl>
${view.evidence.map(({ label, value }) => row(label, withArrows(value)))}
</dl>
<h2>The state of both sides</h2>
${stateTable(view)}
<h2 id="form">${stop ? 'Your request' : 'Your decision'}</h2>
${form(view, problems, typed)}`,
  );
}

const stopTitle = ({ mayPause, mayGoBack, paused }: View): string =>
  paused
    ? 'Resume or stop this run'
    : mayGoBack
      ? 'Go back, or stop this run'
      : mayPause
        ? 'Pause or stop this run'
        : 'Stop this run';

const pauseLead = html`<p>A pause holds the run before the switchover and keeps green, until somebody resumes it. Nobody is asked meanwhile. The run stops when that is not within ${longestPauseHours} hours in all, or not before its window closes.</p>`;

const goBackLead = html`<p>A way back is open. Asking to go back starts an execution that asks all groups of the approval, and goes back only when every one says yes. The run itself goes on watching meanwhile.</p>`;

const stopLead = html`<p>Before the switchover a stop is orderly: blue goes on serving production, and green is removed or kept as the request says. During the bake people are asked whether production goes back to blue, where a way back is open. Without one, and after the bake, new production goes on serving and everything is kept.</p>`;

function decideLead({ group, answerBy, goingBack }: View, now: number): Html {
  const left = showSpan((Date.parse(answerBy) - now) / 1000);
  return html`<p>Group <strong>${group}</strong> is asked whether ${goingBack ? 'production may go back to blue' : 'this run may switch production over'}. Answer by <strong><time datetime="${answerBy}">${showTime(answerBy)}</time></strong>, which is in ${left}. No answer is a no.</p>`;
}

function summary(problems: Problems): Html {
  const items = Object.entries(problems).map(
    ([field, problem]) => html`<li><a href="#${field === 'answer' ? 'form' : field}">${problem}</a></li>`,
  );
  return html`<div class="note wrong" role="alert"><strong>Nothing was recorded.</strong><ul>${items}</ul></div>`;
}

function stateTable({ whenAsked, whenRead, askedAt, lookedAt, unreadable }: View): Html {
  const rows = whenAsked.map((asked) => ({ asked, read: whenRead.find(({ key }) => key === asked.key) }));
  const different = rows.filter(({ asked, read }) => read && isDifferent(asked, read));
  const names = different.map(({ asked }) => asked.label).join(', ');
  return html`${unreadable && html`<p class="note warn">The newest look could not read the facts: ${unreadable}</p>`}
${
  lookedAt === null
    ? html`<p class="note">No look has ended yet; these are the facts of the message.</p>`
    : different.length > 0
      ? html`<p class="note warn">Different from the message: ${names}.</p>`
      : html`<p class="note">The last look found what the message says, but for what is measured anew each minute.</p>`
}
<table>
<thead><tr><th scope="col">Fact</th><th scope="col">In the message<span>${showTime(askedAt)}</span></th><th scope="col">At the last look<span>${lookedAt === null ? 'none yet' : showTime(lookedAt)}</span></th></tr></thead>
<tbody>
${rows.map(({ asked, read }) => stateRow(asked, read))}
</tbody>
</table>`;
}

function stateRow(asked: Fact, read: Fact | undefined): Html {
  const differs = read !== undefined && isDifferent(asked, read);
  return html`<tr${differs && html` class="differs"`}><th scope="row">${asked.label}</th><td data-at="In the message">${withArrows(asked.value)}</td><td data-at="At the last look">${withArrows(read?.value ?? '–')}${differs && html` <span class="tag">differs</span>`}</td></tr>
`;
}

/** Messages are plain ASCII; a page has better arrows. */
function withArrows(text: string): string {
  return text.replaceAll(' -> ', ' → ');
}

function form(view: View, problems: Problems, typed: Typed): Html {
  const stop = view.purpose === 'stop';
  return html`<form method="post" autocomplete="off">
<input type="hidden" name="saw" value="${view.saw}">
${!stop && choices(view, problems, typed)}
${view.goingBack?.statement && lossField(view.goingBack.statement, problems, typed)}
${field('phrase', 'The three words of the message', 'They stand only in the message that this link came with, so that no program that opens links can decide.', problems.phrase, html`<input type="text" id="phrase" name="phrase" required maxlength="80" autocapitalize="none" spellcheck="false" ${described('phrase', problems.phrase)}>`)}
${field('by', 'Your name', 'It goes to the record as you type it.', problems.by, html`<input type="text" id="by" name="name" required maxlength="${longestName}" autocomplete="name" value="${typed.by ?? ''}" ${described('by', problems.by)}>`)}
${field('reason', stop ? 'Why' : 'Reason', stop ? 'It goes to the record.' : 'Needed for a rejection, welcome for an approval. It goes to the record.', problems.reason, html`<textarea id="reason" name="reason" maxlength="${longestReason}" ${stop && html`required`} ${described('reason', problems.reason)}>${typed.reason ?? ''}</textarea>`)}
${stop ? steeringButtons(view) : html`<button>Send the decision</button>`}
</form>`;
}

/** Enter in a field is a click on the first button: the one that can be taken back. */
function steeringButtons({ mayPause, mayGoBack, paused }: View): Html {
  const button = (value: Steering, text: string) =>
    html`<button name="answer" value="${value}"${value === 'stop' && html` class="stop"`}>${text}</button>`;
  return html`${mayPause && button('pause', 'Pause this run')}${paused && button('resume', 'Resume this run')}${mayGoBack && button('ask-to-go-back', 'Ask to go back')}${button('stop', 'Stop this run')}`;
}

/** Two choices and no default: Enter in a text field must not approve by itself. */
/** A loss is accepted by typing it, and only by an approval. */
function lossField(statement: string, { statement: problem }: Problems, typed: Typed): Html {
  return field(
    'statement',
    'The loss that you accept',
    'To approve, type what is lost, word for word: it is gone afterwards. To reject, leave this empty.',
    problem,
    html`<p class="note warn">${statement}</p><textarea id="statement" name="statement" maxlength="4000" spellcheck="false" ${described('statement', problem)}>${typed.statement ?? ''}</textarea>`,
  );
}

function choices({ goingBack }: View, { answer }: Problems, typed: Typed): Html {
  const choice = (value: string, label: string, hint: string) =>
    html`<label><input type="radio" name="answer" value="${value}" required${typed.answer === value && html` checked`}><span>${label}<small>${hint}</small></span></label>`;
  return html`<fieldset>
<legend>${goingBack ? 'May production go back?' : 'May the run switch over?'}</legend>
<div class="choices">
${choice('approve', 'Approve', 'Yes, as described above.')}
${choice('reject', 'Reject', goingBack ? 'No: production stays where it is.' : 'No: stop before the switchover.')}
</div>
${answer && html`<p class="problem">${answer}</p>`}
</fieldset>`;
}

function field(id: string, label: string, hint: string, problem: string | undefined, control: Html): Html {
  return html`<div class="field">
<label class="above" for="${id}">${label}</label>
<p class="hint" id="${id}-hint">${hint}</p>
${control}
${problem && html`<p class="problem" id="${id}-problem">${problem}</p>`}
</div>`;
}

function described(id: string, problem: string | undefined): Html {
  return problem
    ? html`aria-invalid="true" aria-describedby="${id}-hint ${id}-problem"`
    : html`aria-describedby="${id}-hint"`;
}
