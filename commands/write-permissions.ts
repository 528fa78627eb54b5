/** Writes docs/permissions.md from the stack: `npm run permissions`. A person reviews the change before it is committed. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Value } from '../deploy/cloudformation.ts';
import { type FunctionKey, functionKeys, functionSpecs } from '../deploy/functions.ts';
import { machineStatements, startStatements } from '../deploy/machine.ts';
import { machineFiles, machines } from '../deploy/machines.ts';
import type { Statement } from '../deploy/permissions/statement.ts';
import { renderStatement, wrapItem } from '../deploy/render-permissions.ts';
import { functionStatements, networkInterfaces, roleId, trace, writeLog } from '../deploy/roles.ts';
import { readSettings } from '../deploy/settings.ts';

const file = resolve(import.meta.dirname, '..', 'docs', 'permissions.md');
const begin = '<!-- roles: written by npm run permissions -->';

/** The prefix stands for any stage. */
const settings = readSettings({
  stage: 'stage',
  email: '',
  approvers: '',
  approvalEndpoints: '',
  unapprovedRuns: 'refused',
  runbook: 'docs/runbook.md',
  logDays: '90',
  approvalAlarmHours: '12',
  windows: '',
  reservedConcurrency: '',
  subnets: '',
  securityGroups: '',
  domain: '',
  certificate: '',
  jwtIssuer: '',
  jwtAudience: '',
  startFromAccounts: '',
  // Stand for any record.
  wayBackRecords: 'Z0123456789ABCDEFGHIJ/orders-db.example.com',
  readRampRecords: 'Z0123456789ABCDEFGHIJ/orders-readers.example.com',
  loadStatements: 'orders-tests/load.sql',
  permissionsBoundary: '',
  rolePath: '/',
  tags: '',
  dataKey: '',
  databases: '',
  evidenceMode: 'GOVERNANCE',
  evidenceYears: '7',
  copySecurityGroup: '',
});

/** Every role of the stack with its rights. What all functions have is said once, and so is what several roles have. */
function describeRoles(): string {
  return [
    section(
      'Every function',
      ['`FUNCTION` stands for each function that has the role, and for no other.'],
      [writeLog(['FUNCTION'], settings), trace],
    ),
    section(
      'In a VPC',
      ['Added to the functions that speak SQL when subnets are configured.'],
      [networkInterfaces],
    ),
    ...functionsByRights().map((keys) => describeFunctions(keys)),
    ...machineFiles.map((file) =>
      section(machines[file].id, [machines[file].description], machineStatements(file, settings)),
    ),
    section('Schedules', ['Starts runs at the configured maintenance windows.'], startStatements(settings)),
    section('StartOnRequest', ['Starts runs that other accounts ask for.'], startStatements(settings)),
  ].join('\n');
}

/** Functions with equal rights, in the order of the list of functions. */
function functionsByRights(): FunctionKey[][] {
  const groups = new Map<string, FunctionKey[]>();
  for (const key of functionKeys) {
    const rights = JSON.stringify(functionStatements(key, settings).map((one) => ({ ...one, why: '' })));
    groups.set(rights, [...(groups.get(rights) ?? []), key]);
  }
  return [...groups.values()];
}

function describeFunctions(keys: FunctionKey[]): string {
  const [first, ...others] = keys;
  if (!first) throw new Error('rights that no function has');
  const rights = functionStatements(first, settings);
  const { description } = functionSpecs[first];
  if (others.length === 0) return section(first, [description], rights);
  const roles = keys.map((key) => `- ${functionSpecs[key].description} (\`${roleId(key)}\`)`);
  return section(keys.join(', '), [...roles, '', 'Each may:'], rights);
}

function section(heading: string, description: string[], statements: Statement[]): string {
  const rights = statements.map((statement) => wrapItem(`${render(statement)}: ${statement.why}`));
  const shown = rights.length > 0 ? rights : ['nothing more.'];
  return [`### ${heading}`, '', ...description, '', ...shown, ''].join('\n');
}

const render = ({
  effect = 'Allow',
  actions,
  resources,
  condition,
}: Omit<Statement, 'effect'> & { effect?: string }) =>
  renderStatement({
    Effect: effect,
    Action: actions,
    Resource: resources as Value,
    ...(condition !== undefined && { Condition: condition }),
  }).replaceAll('viridian-stage', 'viridian-STAGE');

const page = readFileSync(file, 'utf8');
const written = page.slice(0, page.indexOf(begin) + begin.length);
writeFileSync(file, `${written}\n\n${describeRoles()}`);
execFileSync('biome', ['check', '--write', file]);
