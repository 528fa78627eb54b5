/** Writes docs/permissions.md from the stack: `npm run permissions`. A person reviews the change before it is committed. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Value } from '../deploy/cloudformation.ts';
import { functionKeys, functionSpecs } from '../deploy/functions.ts';
import { machineStatements, startStatements } from '../deploy/machine.ts';
import { machineFiles, machines } from '../deploy/machines.ts';
import type { Statement } from '../deploy/permissions/statement.ts';
import { renderStatement } from '../deploy/render-permissions.ts';
import { functionStatements, networkInterfaces } from '../deploy/roles.ts';
import { readSettings } from '../deploy/settings.ts';

const file = resolve(import.meta.dirname, '..', 'docs', 'permissions.md');
const begin = '<!-- roles: written by npm run permissions -->';

/** The prefix stands for any stage. */
const settings = readSettings({
  stage: 'stage',
  email: '',
  approvers: '',
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
  // Stands for any record.
  wayBackRecords: 'Z0123456789ABCDEFGHIJ/orders-db.example.com',
});

/** Every role of the stack with its statements. */
function describeRoles(): string {
  return [
    ...functionKeys.map((key) =>
      section(key, functionSpecs[key].description, functionStatements(key, settings)),
    ),
    section('In a VPC', 'Added to every function when subnets are configured.', [networkInterfaces]),
    ...machineFiles.map((file) =>
      section(machines[file].id, machines[file].description, machineStatements(file, settings)),
    ),
    section('Schedules', 'Starts runs at the configured maintenance windows.', startStatements(settings)),
    section('StartOnRequest', 'Starts runs that other accounts ask for.', startStatements(settings)),
  ].join('\n');
}

function section(name: string, description: string, statements: Statement[]): string {
  const rows = statements.map((statement) => {
    const { effect, actions, resources, condition } = renderStatement({
      Effect: statement.effect ?? 'Allow',
      Action: statement.actions,
      Resource: statement.resources as Value,
      ...(statement.condition !== undefined && { Condition: statement.condition }),
    });
    return `| ${[effect, actions, resources, condition, statement.why].join(' | ')} |`;
  });
  return `### ${name}

${description}

| | actions | resources | condition | why |
|---|---|---|---|---|
${rows.map((row) => row.replaceAll('viridian-stage', 'viridian-STAGE')).join('\n')}
`;
}

const page = readFileSync(file, 'utf8');
const written = page.slice(0, page.indexOf(begin) + begin.length);
writeFileSync(file, `${written}\n\n${describeRoles()}`);
execFileSync('biome', ['check', '--write', file]);
