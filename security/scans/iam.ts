import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Resource, Value } from '../../deploy/cloudformation.ts';
import { type Look, looked, type Scan } from '../finding.ts';
import { inFolder } from '../seeded.ts';
import { pinnedVersion, runPython } from '../tools/tools.ts';

interface Judged {
  issue: string;
  title: string;
  detail: unknown;
  location: { filepath: string };
}

type Resources = Record<string, Resource>;

/** Judges each policy of each role; a role's file is named after it. */
async function judge(policies: Record<string, Value>): Promise<Look> {
  return inFolder(async (folder) => {
    mkdirSync(join(folder, 'policies'));
    for (const [name, policy] of Object.entries(policies))
      writeFileSync(join(folder, 'policies', `${name}.json`), JSON.stringify(policy));
    const { stdout, stderr } = await runPython('parliament', [
      ...['--directory', join(folder, 'policies')],
      '--json',
    ]);
    if (stderr.includes('Traceback')) throw new Error(`parliament failed: ${stderr}`);
    return looked(
      stdout
        .split('\n')
        .filter((line) => line.startsWith('{'))
        .map((line) => JSON.parse(line) as Judged)
        .flatMap(findingsOf),
    );
  });
}

/** A finding an action, because reasons hold for actions. */
function findingsOf({ issue, title, detail, location }: Judged) {
  const where = basename(location.filepath, '.json');
  const details = Array.isArray(detail) && detail.length > 0 ? detail : [detail];
  return details.map((one) => {
    const action = (one as { action?: string } | null)?.action ?? (typeof one === 'string' ? one : '');
    return {
      rule: action ? `${issue} ${action}` : issue,
      where,
      line: 1,
      text: `${title}: ${JSON.stringify(one)}`,
    };
  });
}

/** Policies as an account would have them: what the template leaves open is filled in. */
export function policiesOf(resources: Resources): Record<string, Value> {
  const found: Record<string, Value> = {};
  for (const [id, { Type, Properties }] of Object.entries(resources)) {
    if (Type !== 'AWS::IAM::Role') continue;
    const { Policies = [] } = Properties as unknown as { Policies?: { PolicyDocument: Value }[] };
    for (const [index, { PolicyDocument }] of Policies.entries())
      found[index === 0 ? id : `${id}-${index}`] = filled(PolicyDocument, resources);
  }
  return found;
}

const pseudo: Record<string, string> = {
  'AWS::Partition': 'aws',
  'AWS::Region': 'eu-west-1',
  'AWS::AccountId': '111122223333',
};

function filled(value: Value, resources: Resources): Value {
  if (Array.isArray(value)) return value.map((one) => filled(one, resources));
  if (typeof value !== 'object' || value === null) return value;
  const [[name, argument] = []] = Object.entries(value) as [string, unknown][];
  if (name === 'Ref') return arnOf(String(argument), resources);
  if (name === 'Fn::GetAtt') return arnOf(String((argument as string[])[0]), resources);
  if (name === 'Fn::Sub')
    return String(argument).replace(/\$\{([^}]+)\}/g, (_, of: string) =>
      of.endsWith('.Arn') ? arnOf(of.slice(0, -'.Arn'.length), resources) : (pseudo[of] ?? of),
    );
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, filled(one as Value, resources)]),
  );
}

/** Of the kind that the resource has, because the tool judges by the kind. */
function arnOf(id: string, resources: Resources): string {
  const of = (service: string, resource: string) => `arn:aws:${service}:eu-west-1:111122223333:${resource}`;
  const kinds: Record<string, string> = {
    'AWS::KMS::Key': of('kms', `key/${id}`),
    'AWS::S3::Bucket': `arn:aws:s3:::${id.toLowerCase()}`,
    'AWS::SNS::Topic': of('sns', id),
    'AWS::StepFunctions::StateMachine': of('states', `stateMachine:${id}`),
    'AWS::Lambda::Function': of('lambda', `function:${id}`),
  };
  return kinds[resources[id]?.Type ?? ''] ?? pseudo[id] ?? of('lambda', `function:${id}`);
}

/** A right that could be narrowed to a database. */
const seeded = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'rds:DeleteDBInstance', Resource: '*' }],
};

export const iam = (resources: Resources): Scan => ({
  name: 'iam',
  kind: 'IAM',
  tool: `parliament ${pinnedVersion('parliament')}`,
  look: () => judge(policiesOf(resources)),
  lookAtSeeded: () => judge({ Seeded: seeded }),
});
