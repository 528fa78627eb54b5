import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findForeignLicences, type LockFile } from '../../commands/licences.ts';
import { looked, type Scan } from '../finding.ts';

const scan = (lock: LockFile) =>
  looked(
    findForeignLicences(lock).map((text) => ({
      rule: 'licence',
      where: 'package-lock.json',
      line: 1,
      text,
    })),
  );

export const licences = (root: string): Scan => ({
  name: 'licences',
  kind: 'licences',
  tool: 'package-lock.json 3',
  look: async () => scan(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as LockFile),
  lookAtSeeded: async () =>
    scan({ packages: { 'node_modules/seeded': { version: '1.0.0', license: 'GPL-3.0' } } }),
});
