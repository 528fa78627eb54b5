/** Decides on a run without a link, with rights in IAM: `npm run approve`. */
import { parseArgs } from 'node:util';
import { SFNClient } from '@aws-sdk/client-sfn';
import { showSpan, showTime } from '../functions/domain/model/text.ts';
import type { SignedRequest } from '../functions/http/decide-with-iam.ts';
import type { DecideResult, View } from '../functions/http/protocol.ts';
import { signRequest } from './sign.ts';

const usage = `Shows the question of a group, and answers it with your own AWS identity.

  npm run approve -- --api URL --execution ARN --group NAME [--decision approve|reject|stop] [--reason TEXT]
                     [--accept-loss TEXT]

  --api URL         address of the HTTP API; the message about the run names it (or AWS_ENDPOINT_URL, or --endpoint)
  --execution ARN   the run
  --group NAME      the group that you decide for
  --decision        left out: only show the facts
  --reason TEXT     goes to the record; needed to reject and to stop
  --accept-loss TEXT  going back with a loss: the loss that you accept, word for word as the message states it
`;

const say = (text: string) => process.stdout.write(`${text}\n`);

/** A mistake on the command line. */
class UsageError extends Error {}

interface Order {
  api: string;
  execution: string;
  group: string;
  decision: 'approve' | 'reject' | 'stop' | undefined;
  reason: string;
  statement: string | undefined;
}

function readRunToUndo(args: string[]): Order {
  const text = { type: 'string' } as const;
  const options = {
    api: text,
    endpoint: text,
    execution: text,
    group: text,
    decision: text,
    reason: text,
    'accept-loss': text,
  };
  const { values } = parseArgs({ args, options, strict: true });
  const api = values.api ?? values.endpoint ?? process.env.AWS_ENDPOINT_URL;
  const { execution, group, decision, reason = '' } = values;
  if (!api || !URL.canParse(api)) throw new UsageError('give --api, the address of the HTTP API');
  if (!execution?.startsWith('arn:') || !group) throw new UsageError('give --execution and --group');
  if (decision !== undefined && decision !== 'approve' && decision !== 'reject' && decision !== 'stop')
    throw new UsageError(`--decision ${decision}: give approve, reject or stop`);
  return { api, execution, group, decision, reason, statement: values['accept-loss'] };
}

type Answer = DecideResult | { kind: 'refused'; message: string };

async function send({ api, execution, group }: Order, act: SignedRequest['act']): Promise<Answer> {
  const url = new URL('/decide', api);
  const body = JSON.stringify({ execution, group, act } satisfies SignedRequest);
  const { credentials } = new SFNClient({}).config;
  const scope = { region: execution.split(':')[3] ?? '', service: 'execute-api', at: new Date() };
  const unsigned = { method: 'POST', url, headers: { 'content-type': 'application/json' }, body };
  const headers = await signRequest(unsigned, await credentials(), scope);
  const response = await fetch(url, { method: 'POST', headers, body });
  const answer = (await response.json().catch(() => ({}))) as Partial<Answer> & { message?: string };
  if (answer.kind) return answer as Answer;
  return { kind: 'refused', message: answer.message ?? `the API answered ${response.status}` };
}

/** Shows the facts and decides on what was shown. Answers the exit code. */
async function run(order: Order): Promise<number> {
  const { decision, reason, statement } = order;
  if (decision === 'stop') return report(await send(order, { kind: 'stop', reason }));
  const shown = await send(order, { kind: 'show' });
  if (shown.kind !== 'question') return report(shown);
  say(describe(shown.view));
  if (decision === undefined) return 0;
  return report(
    await send(order, {
      kind: 'answer',
      answer: decision,
      reason,
      saw: shown.view.saw,
      ...(statement !== undefined && { statement }),
    }),
  );
}

function describe({ evidence, whenAsked, whenRead, lookedAt, group, answerBy }: View): string {
  const state = whenAsked.map(({ key, label, value }) => {
    const now = whenRead.find((fact) => fact.key === key)?.value;
    return `  ${label}: ${value}${now !== undefined && now !== value ? `; now ${now}` : ''}`;
  });
  return [
    `Group ${group}, answer by ${showTime(answerBy)}`,
    ...evidence.map(({ label, value }) => `  ${label}: ${value}`),
    `Both sides, last read ${lookedAt === null ? 'for the message' : showTime(lookedAt)}`,
    ...state,
    '',
  ].join('\n');
}

function report(answer: Answer): number {
  switch (answer.kind) {
    case 'decided': {
      const { decision, by, at, tookSeconds } = answer.decision;
      const who = answer.yours ? 'recorded' : 'decided before; your answer had no effect';
      say(`${decision}: ${who}. By ${by}, ${showTime(at)}, ${showSpan(tookSeconds)} after the question.`);
      return answer.yours ? 0 : 1;
    }
    case 'stopped':
      say(`${answer.yours ? 'Recorded' : 'Asked before'}: ${answer.because} (${showTime(answer.at)})`);
      return answer.yours ? 0 : 1;
    case 'question':
      console.error(['Not recorded:', ...Object.values(answer.problems)].join('\n  '));
      return 1;
    case 'later':
      console.error('Not recorded: just now nothing could take the answer. Try again in a moment.');
      return 1;
    case 'closed':
      console.error('Not recorded: the page of a link is closed. With an identity of IAM, try again.');
      return 1;
    case 'void':
      console.error('Not recorded: this run has no open question for this group.');
      return 1;
    default:
      console.error(`Not recorded: ${answer.message}`);
      return 1;
  }
}

try {
  if (process.argv.includes('--help')) say(usage);
  else process.exitCode = await run(readRunToUndo(process.argv.slice(2)));
} catch (error) {
  console.error(`${(error as Error).message}\n\n${usage}`);
  process.exitCode = 2;
}
