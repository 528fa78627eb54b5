/** Stops a run, with rights in IAM: `npm run stop`. */
import { readOptions, runCommand } from './arguments.ts';
import { callDecideRoute } from './decide-route.ts';

const usage = `Stops a run, whether it asks anybody just now or not. Before the cut it ends in
order, with blue serving, and removes green unless the request keeps it. During
the bake it asks for the way back where one is open.

  npm run stop -- --api URL --execution ARN --reason TEXT

  --api URL         address of the HTTP API of the stack
  --execution ARN   the run
  --reason TEXT     goes to the record with your identity in IAM
  -h, --help        this text
  --version         the version of Viridian

Needs execute-api:Invoke on POST /decide.
`;

await runCommand(usage, async (args) => {
  const { api, execution, reason } = readOptions(
    args,
    ['api', 'execution', 'reason'],
    ['api', 'execution', 'reason'],
  );
  const answer = await callDecideRoute(api, execution.split(':')[3] ?? '', {
    execution,
    group: '',
    act: { kind: 'stop', reason },
  });
  if (answer.kind === 'stopped') {
    process.stdout.write(`${answer.yours ? 'Recorded' : 'Asked before'}: ${answer.because}\n`);
    return answer.yours ? 0 : 1;
  }
  const why: Partial<Record<typeof answer.kind, string>> = {
    later: 'just now it is at a step that nothing interrupts; try again in a moment',
    void: 'it is no open run of this stack, or the reason is too short',
  };
  process.stderr.write(
    `Not stopped: ${answer.kind === 'refused' ? answer.message : (why[answer.kind] ?? answer.kind)}\n`,
  );
  return 1;
});
