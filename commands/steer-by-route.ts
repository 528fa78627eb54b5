import type { Steering } from '../functions/domain/hold/steering.ts';
import { readOptions, runCommand } from './arguments.ts';
import { type Answer, callDecideRoute } from './decide-route.ts';

const options = `  --api URL         address of the HTTP API of the stack
  --execution ARN   the run
  --reason TEXT     goes to the record with your identity in IAM
  -h, --help        this text
  --version         the version of Viridian

Needs execute-api:Invoke on POST /decide.
`;

/** Why an answer is none, where it does not say so itself. */
const reasons: Partial<Record<Answer['kind'], string>> = {
  later: 'just now it is at a step that nothing interrupts; try again in a moment',
  void: 'it is no open run of this stack, or the reason is too short',
};

/**
 * The command that stops, pauses or resumes a run, with rights in IAM.
 * @param what it does, in lines of at most 80 columns
 */
export const steerByRoute = (kind: Steering, what: string): Promise<void> =>
  runCommand(
    `${what}\n\n  npm run ${kind} -- --api URL --execution ARN --reason TEXT\n\n${options}`,
    async (args) => {
      const names = ['api', 'execution', 'reason'] as const;
      const { api, execution, reason } = readOptions(args, names, names);
      const act = { kind, reason };
      return report(
        kind,
        await callDecideRoute(api, execution.split(':')[3] ?? '', { execution, group: '', act }),
      );
    },
  );

function report(kind: Steering, answer: Answer): number {
  if ('yours' in answer && 'because' in answer) {
    const before = answer.kind === 'stopped' && kind !== 'stop' ? 'It ends' : 'Asked before';
    process.stdout.write(`${answer.yours ? 'Recorded' : before}: ${answer.because}\n`);
    return answer.yours ? 0 : 1;
  }
  const why = answer.kind === 'refused' ? answer.message : (reasons[answer.kind] ?? answer.kind);
  process.stderr.write(`Not done: ${why}\n`);
  return 1;
}
