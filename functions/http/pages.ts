import type { Decision } from '../domain/approval/decision.ts';
import { longestPauseHours } from '../domain/hold/steering.ts';
import { foreignText, quote, showSpan, showTime } from '../domain/model/text.ts';
import { Html, html, type Part } from './html.ts';
import type { DecideResult } from './protocol.ts';
import { style } from './style.ts';

/** The style is ours and holds no `<`; escaping its quotes would break it and its hash. */
const styleMarkup = new Html(style);

/** The frame of every page: no script, and nothing that is loaded from elsewhere. */
export function frame(title: string, content: Part): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title} – Viridian</title>
<style>${styleMarkup}</style>
</head>
<body>
<header class="brand">Viridian</header>
<main>
${content}
</main>
<footer>Opening this page changes nothing, however often and by whomever it is opened.</footer>
</body>
</html>
`;
}

/** One page for every link that leads nowhere: unknown, forged, expired, for another plan, closed. */
export const voidPage = frame(
  'Nothing to decide here',
  html`<h1>Nothing to decide here</h1>
<p>This link does not lead to an open question. It may have expired, the question may have been closed, or the link may have been cut short on its way.</p>
<p class="soft">Production is not touched by this. If you expected a question, look at the newest message about the run, or decide with your rights in IAM as the message describes.</p>`,
);

export const laterPage = frame(
  'Try again in a moment',
  html`<h1>Try again in a moment</h1>
<p>Just now there was nothing that could take your answer: the run was between two steps, or busy with one that nothing may interrupt. Nothing was recorded.</p>
<p class="soft">Go back, wait for a few seconds, and send it again.</p>`,
);

export const unreadPage = frame(
  'This could not be read',
  html`<h1>This could not be read</h1>
<p>What was sent is not a form of this page, so nothing was recorded. Open the link from the message again and use the form there.</p>`,
);

/** Too many wrong phrases at this link. `until` as an ISO time, null for good. */
export function closedPage(until: string | null): Html {
  const again =
    until === null
      ? 'This link is closed for good: use that of the next message about this question'
      : html`This link is closed until <strong><time datetime="${until}">${showTime(until)}</time></strong>: wait until then, with the message at hand`;
  return frame(
    'Closed after wrong phrases',
    html`<h1>Closed after wrong phrases</h1>
<p class="note warn">What was typed at this link was too often not the phrase of its message. ${again}, or decide with your rights in IAM as the message describes.</p>
<p class="soft">Nothing was recorded but the wrong phrases, which were announced. Production is not touched by this.</p>`,
  );
}

/** A recorded decision, to the one who made it or to a later holder of the link. */
export function decidedPage(said: Omit<Decision, 'seal'>, situation: 'made' | 'too late' | 'used'): Html {
  const verb = said.decision === 'approve' ? 'Approved' : 'Rejected';
  const leads = {
    made: 'Your decision is recorded.',
    'too late': 'This was decided before your answer arrived. Your answer had no effect.',
    used: 'This question has been decided. There is nothing more to do.',
  };
  const next =
    said.decision === 'approve'
      ? 'It goes on by itself when all groups have approved, and reads everything once more before it changes anything.'
      : 'It ends here. Production stays where it is.';
  return frame(
    verb,
    html`<h1>${verb}</h1>
<p class="note">${leads[situation]} ${next}</p>
<h2>The record</h2>
<dl>
${row('Decision', said.decision === 'approve' ? 'approve' : 'reject')}
${row('Group', said.group)}
${row('By', html`${foreignText(said.by, 200)} <span class="soft">(${identities[said.identified]})</span>`)}
${row('When', `${showTime(said.at)}, ${showSpan(said.tookSeconds)} after the question`)}
${row('Reason', said.reason ? quote(said.reason) : 'none given')}
</dl>`,
  );
}

const identities = {
  attested: 'name as typed on this page, not verified',
  authenticated: 'identity verified by AWS IAM',
};

/** What became of a run that a person stopped, paused or resumed. */
const steered = {
  stopped: {
    title: 'Stop requested',
    before: 'This run was asked to stop before.',
    next: 'The run ends by itself, in order, and announces how.',
  },
  paused: {
    title: 'The run is paused',
    before: 'This run was paused before.',
    next: `Green is kept, and nothing goes on until somebody resumes the run: with this link, or with npm run resume. It stops before the switchover when nobody does so within ${longestPauseHours} hours in all, or before its window closes.`,
  },
  resumed: {
    title: 'The run goes on',
    before: 'This run was resumed before.',
    next: 'It goes on where it was paused. Where that was a question to people, they are asked again.',
  },
};

export function steeredPage(said: DecideResult & { kind: keyof typeof steered }): Html {
  const { title, before, next } = steered[said.kind];
  return frame(
    title,
    html`<h1>${title}</h1>
<p class="note">${said.yours ? 'Your request is recorded.' : before} ${next}</p>
<h2>The record</h2>
<dl>
${row('What', foreignText(said.because, 1_000))}
${row('When', showTime(said.at))}
</dl>`,
  );
}

/** Somebody asked to go back: nothing has happened yet, and nothing happens without the approval. */
export function startedPage(executionArn: string): Html {
  return frame(
    'Going back is asked',
    html`<h1>Going back is asked</h1>
<p class="note">Your request is recorded. The groups of the approval are asked now whether production may go back; who asked cannot say yes. Until all of them have, nothing changes.</p>
<dl>
${row('Execution', executionArn.split(':').at(-1) ?? '')}
</dl>`,
  );
}

/** The run is not where this can be done. `why` is a clause about the run. */
export function refusedPage(why: string): Html {
  return frame(
    'Not done',
    html`<h1>Not done</h1>
<p class="note warn">Nothing was recorded: ${why}.</p>
<p class="soft">Go back and load the page of the link again: it shows what can be done now.</p>`,
  );
}

export function row(label: string, value: Part): Html {
  return html`<div><dt>${label}</dt><dd>${value}</dd></div>`;
}
