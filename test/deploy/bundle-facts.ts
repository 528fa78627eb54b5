import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Build } from '../../deploy/build.ts';
import type { FunctionKey } from '../../deploy/functions.ts';

/** Services by the name of their SDK client, as IAM spells them. */
const iamPrefix: Record<string, string> = {
  'application-auto-scaling': 'application-autoscaling',
  cloudwatch: 'cloudwatch',
  'cloudwatch-logs': 'logs',
  kms: 'kms',
  lambda: 'lambda',
  rds: 'rds',
  'route-53': 'route53',
  'secrets-manager': 'secretsmanager',
  sfn: 'states',
  sns: 'sns',
};

/** Where the name of the API call and of the permission differ (service authorization reference). */
const renamed: Record<string, string> = {
  'lambda:Invoke': 'lambda:InvokeFunction',
  's3:ListObjectsV2': 's3:ListBucket',
};

/** Anybody may ask whose key it is; and what a client would call for a bucket of another kind, a directory bucket, is never called. */
const asksNoRight = ['sts:GetCallerIdentity', 's3:CreateSession'];

/** The permissions of the calls that a bundle can make at all: commands of the SDK that are in it. */
export function actionsIn(build: Build, key: FunctionKey): string[] {
  return inputsOf(build, key)
    .map((path) => /@aws-sdk\/client-([a-z0-9-]+)\/.*\/commands\/(\w+)Command\.js$/.exec(path))
    .filter((match) => match !== null)
    .map(([, client = '', command]) => `${iamPrefix[client] ?? client}:${command}`)
    .map((action) => renamed[action] ?? action)
    .filter((action) => !asksNoRight.includes(action))
    .toSorted();
}

/** SDK clients in a bundle. */
export function clientsIn(build: Build, key: FunctionKey): string[] {
  const clients = inputsOf(build, key)
    .map((path) => /@aws-sdk\/client-([a-z0-9-]+)\/.*\/\w+Client\.js$/.exec(path)?.[1])
    .filter((client) => client !== undefined);
  return [...new Set(clients)].toSorted();
}

export const holdsZod = (build: Build, key: FunctionKey): boolean =>
  inputsOf(build, key).some((path) => path.includes('node_modules/zod/'));

/** Variables that the code of a bundle names. */
export function variablesIn(build: Build, key: FunctionKey): string[] {
  const names = readFileSync(build.bundle(key), 'utf8').match(
    /\b(?:[A-Z]+_TOPIC_ARN|[A-Z]+(?:_[A-Z]+)*_FUNCTION|[A-Z]+_KEY_ID|PAGE_URL|RUNBOOK|RDS_CA_FILE|(?:ROLL_BACK_|REHEARSAL_)?STATE_MACHINE_ARN|UNAPPROVED_RUNS|ARTEFACT_DIGEST|CHANGE_LOGS|COPY_SECURITY_GROUP|EVIDENCE_BUCKET|EVIDENCE_KEY_ARN|DATABASES|LOAD_STATEMENTS|READ_RAMP_RECORDS|WAY_BACK_RECORDS)\b/g,
  );
  return [...new Set(names)].filter((name) => !name.startsWith('AWS_')).toSorted();
}

/** Questions for databases that the code of a bundle asks, by the sources that went into it. */
export function questionsIn(build: Build, key: FunctionKey): string[] {
  const texts = inputsOf(build, key)
    .filter((path) => path.startsWith('functions/'))
    .map((path) => readFileSync(resolve(import.meta.dirname, '..', '..', path), 'utf8'));
  const asked = texts.flatMap((text) =>
    [...text.matchAll(/\b(?:askBoth|askDatabase|insist)\(\s*'([a-z-]+)'/g)].map(([, ask = '']) => ask),
  );
  return [...new Set(asked)].toSorted();
}

function inputsOf({ metafile }: Build, key: FunctionKey): string[] {
  const [, output] = Object.entries(metafile.outputs).find(([path]) => path.endsWith(`/${key}.cjs`)) ?? [];
  if (!output) throw new Error(`there is no bundle of ${key}`);
  return Object.entries(output.inputs)
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .map(([path]) => path);
}
