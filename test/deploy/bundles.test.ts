import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Build, buildFunctions } from '../../deploy/build.ts';
import { type FunctionKey, functionKeys, functionSpecs } from '../../deploy/functions.ts';
import { changeBySql } from '../../deploy/permissions/decide.ts';
import { grants } from '../../deploy/permissions/grants.ts';
import { functionStatements } from '../../deploy/roles.ts';
import { changing } from '../../functions/databases/change-log.ts';
import type { Ask } from '../../functions/sql/contract.ts';
import { actionsIn, clientsIn, holdsZod, questionsIn, variablesIn } from './bundle-facts.ts';
import { fullSettings } from './default-settings.ts';
import { sharedBuild } from './shared-build.ts';

let folder: string;
let build: Build;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'viridian-bundles-'));
  build = await sharedBuild();
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Permissions that no code asks for by name: RDS, SNS, KMS, Lambda and X-Ray use them on the caller's behalf. */
const indirect: Record<string, string[]> = {
  createGreen: [
    'rds:CreateDBCluster',
    'rds:CreateDBClusterEndpoint',
    'rds:CreateDBInstance',
    'rds:CreateDBInstanceReadReplica',
  ],
  startSwitchover: [
    'rds:ModifyDBCluster',
    'rds:ModifyDBInstance',
    'rds:PromoteReadReplica',
    'rds:PromoteReadReplicaDBCluster',
  ],
  releaseTheDeploymentRecord: [
    'rds:DeleteDBCluster',
    'rds:DeleteDBInstance',
    'rds:PromoteReadReplica',
    'rds:PromoteReadReplicaDBCluster',
  ],
  removeGreen: [
    'rds:DeleteDBCluster',
    'rds:DeleteDBClusterEndpoint',
    'rds:DeleteDBInstance',
    'rds:PromoteReadReplica',
    'rds:PromoteReadReplicaDBCluster',
  ],
  makeTheRollbackTarget: ['rds:AddTagsToResource'],
  makeTheCopy: ['rds:AddTagsToResource'],
  removeTheCopy: ['rds:PromoteReadReplica', 'rds:PromoteReadReplicaDBCluster'],
  takeFinalSnapshot: ['rds:AddTagsToResource'],
  sqlPostgres: ['rds-db:connect'],
  sqlMysql: ['rds-db:connect'],
};
const onBehalf = /^(logs:(?!Filter)|xray:|iam:)|^kms:(CreateGrant|Decrypt|DescribeKey|GenerateDataKey)$/;

function allowedTo(key: FunctionKey): string[] {
  const actions = functionStatements(key, fullSettings)
    .filter(({ effect }) => effect === undefined)
    .flatMap((statement) => statement.actions);
  return [...new Set(actions)].filter((action) => !onBehalf.test(action) && !indirect[key]?.includes(action));
}

describe.each(functionKeys)('the bundle of %s', (key) => {
  it('can make exactly the calls that its role allows', () => {
    expect(allowedTo(key).toSorted()).toEqual(actionsIn(build, key));
  });

  it('has a role of its own if a question that it asks changes a database', () => {
    const changes = questionsIn(build, key).some((ask) => changing[ask as Ask]);
    const granted = grants[key];
    expect(typeof granted !== 'string' && granted.includes(changeBySql)).toBe(changes);
  });

  it('finds every variable that it reads, and no other', () => {
    expect([...(functionSpecs[key].environment ?? [])].toSorted()).toEqual(variablesIn(build, key));
  });

  it('stays within its budget', () => {
    const kilobytes = statSync(build.bundle(key)).size / 1024;
    expect(kilobytes).toBeLessThanOrEqual(budget(key));
  });
});

/**
 * KB of a bundle: 120 without an SDK client, 400 with one, 440 with two or three. 580 with more: "reconcile" and "Check preconditions" look at
 * everything, and nobody waits for them; the latter has 576, of which Application Auto Scaling is 26. zod, in one function only, makes it 480.
 */
function budget(key: FunctionKey): number {
  if (holdsZod(build, key)) return 480;
  const clients = clientsIn(build, key);
  // That of S3 is by far the largest: measured 128 where it is one of several. Nobody waits for the functions that read a file of statements.
  const isReader = key === 'checkPreconditions' || key === 'refreshTheStatisticsOfGreen';
  return ([120, 400, 440, 440][clients.length] ?? 600) + (isReader && clients.includes('s3') ? 130 : 0);
}

describe('the build', () => {
  it('leaves out only parts of the driver of MySQL that no source of ours asks for', () => {
    const folder = resolve(import.meta.dirname, '../../functions/sql/mysql');
    const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => readFileSync(join(folder, file), 'utf8'));
    expect(sources.length).toBeGreaterThan(10);
    const asked =
      /\.(?:execute|prepare|unprepare|changeUser|createBinlogStream)\(|\b(?:create(?:Pool|PoolCluster|Server)|compress|namedPlaceholders|TypedParameter)\b/;
    expect(sources.filter((text) => asked.test(text))).toEqual([]);
    // The parser that is written for each statement is left out.
    expect(sources.filter((text) => text.includes('createConnection'))).toEqual([
      expect.stringContaining('disableEval: true'),
    ]);
  });

  it('refuses by name what it has left out of the driver', () => {
    const text = readFileSync(build.bundle('sqlMysql'), 'utf8');
    expect(text).toContain('this part of the driver of MySQL is not in this bundle');
  });

  it('bundles zod into the function that validates requests, and nowhere else', () => {
    expect(functionKeys.filter((key) => holdsZod(build, key))).toEqual(['validateRequest']);
  });

  it('packs nothing but the bundle, and no source map', () => {
    for (const key of functionKeys) {
      const zip = readFileSync(build.zip(key));
      expect(zip.toString('latin1').split('PK\x01\x02')).toHaveLength(2);
      expect(zip.includes(`${key}.cjs`)).toBe(true);
      expect(readFileSync(build.bundle(key), 'utf8')).not.toContain('sourceMappingURL');
    }
  });

  it('gives the same bytes when it is repeated, whatever was there before', async () => {
    const other = await buildFunctions(join(folder, 'other'));
    for (const key of functionKeys)
      expect(readFileSync(other.zip(key)).equals(readFileSync(build.zip(key))), key).toBe(true);
  });

  it('holds nothing of the rehearsal and nothing of the tests', () => {
    const inputs = Object.keys(build.metafile.inputs);
    expect(inputs.length).toBeGreaterThan(100);
    expect(inputs.filter((path) => /^(packages|rehearsal|test)\//.test(path))).toEqual([]);
  });
});
