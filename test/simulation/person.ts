import type { Message } from '../../packages/local-aws/services/sns.ts';
import { readQuestion } from '../approval/question.ts';
import { signedPost } from '../approval/signer.ts';
import { readSaw, Visitor } from '../approval/visitor.ts';
import type { Trouble } from './faults.ts';
import type { Stage } from './stage.ts';

export interface Decision {
  answer: 'approve' | 'reject' | 'stop';
  /** After the question, or after its reminder, so many milliseconds. */
  after?: number;
  /** Which message the person reacts to. */
  to?: 'ask' | 'remind' | 'escalate';
  /** Name typed in. */
  name?: string;
  group?: string;
  /** Of what the person answers questions; left out: of everything. */
  matter?: 'switchover';
}

/** A person of a group opens the link of a message and answers on the page, as a browser does it. */
export const person =
  ({ answer, after = 60_000, to = 'ask', name = 'Bob Example', group, matter }: Decision): Trouble =>
  (stage) => {
    const { account, clock } = stage;
    account.sns.onMessage((message) => {
      if (message.topicArn !== account.topics.approvals) return;
      const question = readQuestion(message);
      if (question.occasion !== to || (group && question.group !== group)) return;
      if (matter && question.json.goingBack) return;
      const code = answer === 'stop' ? question.stopCode : question.decideCode;
      const open = () => clock.during('person', () => decide(stage, message, code, answer, name));
      const attempt = (left: number) =>
        void open().then((done) => {
          if (!done && left > 0) clock.after(tryAgainAfter, () => attempt(left - 1));
        });
      clock.after(after, () => attempt(6));
    });
  };

/** Somebody with rights in IAM stops the run that goes on, as `npm run stop` does it. */
export const operatorStops: Trouble = ({ account, clock }) => {
  const stop = async () => {
    const [run] = account.states.listExecutions(account.stateMachineArn, 'RUNNING');
    const act = { kind: 'stop', reason: 'lunch' };
    const body = JSON.stringify({ execution: run?.order.arn, group: '', act });
    await new Visitor(account.endpoint).send(await signedPost('ADA', body, clock.now()));
  };
  clock.after(1_000, () => void clock.during('operator', stop));
};

/** Who finds that the page takes no answer comes back after a while. Milliseconds. */
const tryAgainAfter = 600_000;

/** False when the page does not take the answer. */
async function decide(
  { account }: Stage,
  message: Message,
  code: string,
  answer: string,
  name: string,
): Promise<boolean> {
  const visitor = new Visitor(account.endpoint);
  const { json } = readQuestion(message);
  const page = await visitor.get(code);
  const form = { answer, phrase: String(json.typeToDecide), name, reason: 'as the test says' };
  const origin = { headers: { origin: 'http://127.0.0.1' } };
  const sent = await visitor.post(code, { ...form, saw: readSaw(page.text) }, origin);
  return sent.status < 400;
}
