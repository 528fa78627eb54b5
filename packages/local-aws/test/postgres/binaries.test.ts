import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { findBinaries, hydrate, MAJORS, majorOf, prove } from '../../postgres/server/binaries.ts';

const folder = mkdtempSync(join(tmpdir(), 'binaries-test-'));
// Programs run as an account that must be able to pass through.
chmodSync(folder, 0o711);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the programs of a major', () => {
  it.each(MAJORS)('finds PostgreSQL %i and reads its exact version', async (major) => {
    const binaries = await findBinaries(major, folder);
    expect(binaries.version).toMatch(new RegExp(`^${major}\\.\\d+$`));
    expect(existsSync(binaries.initdb)).toBe(true);
  });

  it('names the missing package and what to do', async () => {
    await expect(findBinaries(14, folder)).rejects.toThrow(/pg14-.*npm install.*or install PostgreSQL 14/s);
  });

  it('says why an installation does not run', async () => {
    const broken = join(folder, 'broken');
    mkdirSync(join(broken, 'bin'), { recursive: true });
    writeFileSync(join(broken, 'bin/postgres'), '#!/bin/sh\necho "postgres (PostgreSQL) 9.6"\n', {
      mode: 0o755,
    });
    await expect(prove(17, broken, folder)).rejects.toThrow('not 17');
  });

  it('reads the major of an engine version and refuses other engines', () => {
    expect(majorOf('16.9')).toBe(16);
    expect(() => majorOf('8.0.mysql_aurora.3.04.0')).toThrow('15, 16, 17, 18');
  });
});

describe('library links that npm does not pack', () => {
  it('are made from the list, and made again without harm', () => {
    const root = join(folder, 'native');
    mkdirSync(join(root, 'lib'), { recursive: true });
    writeFileSync(join(root, 'lib/libx.so.6.1'), 'library');
    const links = [{ source: 'native/lib/libx.so.6.1', target: 'native/lib/libx.so.6' }];
    writeFileSync(join(root, 'pg-symlinks.json'), JSON.stringify(links));
    hydrate(root);
    hydrate(root);
    expect(readdirSync(join(root, 'lib'))).toEqual(['libx.so.6', 'libx.so.6.1']);
    expect(existsSync(join(root, 'lib/libx.so.6'))).toBe(true);
  });
});

describe.runIf(process.getuid?.() === 0)('under root', () => {
  it('copies programs out of a folder that the unprivileged account cannot enter', async () => {
    const home = mkdtempSync(join(tmpdir(), 'closed-home-'));
    const entry = createRequire(import.meta.url).resolve(`pg16-${process.platform}-${process.arch}`);
    try {
      cpSync(join(dirname(entry), '../native'), join(home, 'native'), { recursive: true });
      const open = mkdtempSync(join(tmpdir(), 'binaries-copy-'));
      chmodSync(open, 0o711);
      const binaries = await prove(16, join(home, 'native'), open).catch((failure) => failure);
      rmSync(open, { recursive: true, force: true });
      expect(binaries.postgres).toContain('postgresql-16');
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  });
});
