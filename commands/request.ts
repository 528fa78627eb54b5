/** Starts a run, with rights in IAM: `npm run request`. */
import { readFile } from 'node:fs/promises';
import { readOptions, runCommand } from './arguments.ts';
import { startByRoute } from './decide-route.ts';

const usage = `Starts a run with your identity in IAM as the one who asks for it, under a seal.
Who starts one otherwise is "not known" to the people who approve.

  npm run request -- --api URL --region NAME --file REQUEST.json

  --api URL      address of the HTTP API of the stack
  --region NAME  Region of the stack
  --file FILE    the request, as for a start by hand (docs/request.schema.json)
  -h, --help     this text
  --version      the version of Viridian

Needs execute-api:Invoke on POST /decide.
`;

const names = ['api', 'region', 'file'] as const;

await runCommand(usage, async (args) => {
  const { api, region, file } = readOptions(args, names, names);
  const input = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
  return startByRoute(api, region, {
    execution: '',
    group: '',
    act: { kind: 'request', input },
  });
});
