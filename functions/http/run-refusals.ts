import { html } from './html.ts';
import { frame } from './pages.ts';

const toTheList = html`<p><a href="/runs">All runs of this stack</a></p>`;

/** Unknown, deleted, or of a foreign state machine: none of them can be told apart by its name. */
export const unknownRunPage = frame(
  'No such run',
  html`<h1>No such run</h1>
<p>This stack has no execution of this name. It may be one of another stack, or the name may have been cut short.</p>
<p class="soft">Step Functions deletes an execution 90 days after its end. Its record stays in the bucket of evidence: <code>npm run evidence</code>.</p>
${toTheList}`,
);

export const noCallerPage = frame(
  'Sign in first',
  html`<h1>Sign in first</h1>
<p>The API named nobody who asks, so nothing is shown. Come by the sign-in of your company, or with rights in IAM: <code>npm run pages</code>.</p>`,
);

export const busyPage = frame(
  'Try again in a moment',
  html`<h1>Try again in a moment</h1>
<p>AWS admits no more questions for now, or its answer was lost. The run goes on by itself; this page asks again in some seconds.</p>`,
);

export const unreadRunPage = frame(
  'This could not be read',
  html`<h1>This could not be read</h1>
<p>The run goes on by itself. The log of the function behind this page says which answer of AWS was not expected.</p>
${toTheList}`,
);

/** A page of the list is named for a day. */
export const closedListPage = frame(
  'This page of the list is over',
  html`<h1>This page of the list is over</h1>
<p>Pages of the list are named for a day. Begin with the first one.</p>
${toTheList}`,
);
