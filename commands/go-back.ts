/** Asks whether production may go back, with rights in IAM: `npm run go-back`. */

import { readOptions, runCommand } from './arguments.ts';
import { startByRoute } from './decide-route.ts';

const usage = `Asks the people of the approval whether production may go back, with your
identity in IAM as the one who asks for it. Somebody else says yes: see
npm run approve.

  npm run go-back -- --api URL --execution ARN [--compare none|counts|checksums]
                     [--accept-loss TEXT]

  --api URL           address of the HTTP API of the stack
  --execution ARN     the run that is undone
  --compare HOW       instead of what the request of the run says
  --accept-loss TEXT  a loss as the last execution has stated it; each who says
                      yes types it
  -h, --help     this text
  --version      the version of Viridian

Needs execute-api:Invoke on POST /decide.
`;

const names = ['api', 'execution', 'compare', 'accept-loss'] as const;

await runCommand(usage, async (args) => {
  const options = readOptions(args, names, ['api', 'execution']);
  const { api, execution, compare } = options;
  const statement = options['accept-loss'];
  const input = {
    executionArn: execution,
    ...(compare !== undefined && { compare }),
    ...(statement !== undefined && { acceptLoss: { statement } }),
  };
  return startByRoute(api, execution.split(':')[3] ?? '', {
    execution,
    group: '',
    act: { kind: 'go-back', input },
  });
});
