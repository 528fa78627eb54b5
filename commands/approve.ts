/** Decides on a run without a link, with rights in IAM: `npm run approve`. */
import { showSpan, showTime } from '../functions/domain/model/text.ts';
import type { View } from '../functions/http/protocol.ts';
import type { SignedRequest } from '../functions/http/signed-request.ts';
import { readOptions, runCommand, UsageError } from './arguments.ts';
import { type Answer, callDecideRoute } from './decide-route.ts';

const usage = `Shows the question of a group, and answers it with your own AWS identity.

  npm run approve -- --api URL --execution ARN --group NAME
                     [--decision approve|reject|stop] [--reason TEXT]
                     [--accept-loss TEXT]

  --api URL           address of the HTTP API, as the message of the run has it
                      (or AWS_ENDPOINT_URL, or --endpoint)
  --execution ARN     the run, or the execution that goes back
  --group NAME        the group that you decide for
  --decision          left out: only show the facts
  --reason TEXT       goes to the record; needed to reject and to stop
  --accept-loss TEXT  going back with a loss: the loss that you accept, word for
                      word as the message states it
  -h, --help          this text
  --version           the version of Viridian
`;

const say = (text: string) => process.stdout.write(`${text}\n`);

interface Order {
  api: string;
  execution: string;
  group: string;
  decision: 'approve' | 'reject' | 'stop' | undefined;
  reason: string;
  statement: string | undefined;
}

const names = ['api', 'endpoint', 'execution', 'group', 'decision', 'reason', 'accept-loss'] as const;

function readOrder(args: string[]): Order {
  const values = readOptions(args, names, []);
  const api = values.api ?? values.endpoint ?? process.env.AWS_ENDPOINT_URL;
  const { execution, group, decision, reason = '' } = values;
  if (!api || !URL.canParse(api)) throw new UsageError('give --api, the address of the HTTP API');
  if (!execution?.startsWith('arn:') || !group) throw new UsageError('give --execution and --group');
  if (decision !== undefined && decision !== 'approve' && decision !== 'reject' && decision !== 'stop')
    throw new UsageError(`--decision ${decision}: give approve, reject or stop`);
  return { api, execution, group, decision, reason, statement: values['accept-loss'] };
}

function send({ api, execution, group }: Order, act: SignedRequest['act']): Promise<Answer> {
  return callDecideRoute(api, execution.split(':')[3] ?? '', { execution, group, act });
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
    case 'paused':
    case 'resumed':
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
    case 'started':
      say(`Started: ${answer.executionArn}`);
      return 0;
    case 'void':
      console.error(
        'Not recorded: this run has no open question for this group, or STS does not name you as the API does (check clock, Region and account).',
      );
      return 1;
    default:
      console.error(`Not recorded: ${answer.message}`);
      return 1;
  }
}

await runCommand(usage, (args) => run(readOrder(args)));
