import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { zipFile } from '../../deploy/zip.ts';

const contents = Buffer.from('exports.handler = async () => "hello";\n'.repeat(100));

describe('a zip', () => {
  it('gives its file back', () => {
    const zip = zipFile('a.cjs', contents);
    const [size, length] = [zip.readUInt32LE(18), zip.readUInt16LE(26)];
    const packed = zip.subarray(30 + length, 30 + length + size);
    expect(inflateRawSync(packed).equals(contents)).toBe(true);
    expect(packed.length).toBeLessThan(contents.length / 4);
  });

  it('is the same whenever it is made', () => {
    expect(zipFile('a.cjs', contents).equals(zipFile('a.cjs', contents))).toBe(true);
  });

  const python = spawnSync('python3', ['--version']).status === 0;
  it.skipIf(!python)('is read by another implementation, with a file that everybody may read', () => {
    const folder = mkdtempSync(join(tmpdir(), 'viridian-zip-'));
    writeFileSync(join(folder, 'a.zip'), zipFile('a.cjs', contents));
    const script =
      'import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); i = z.infolist()[0]; print(z.testzip(), i.filename, i.file_size, oct(i.external_attr >> 16))';
    const { stdout } = spawnSync('python3', ['-c', script, join(folder, 'a.zip')], { encoding: 'utf8' });
    rmSync(folder, { recursive: true });
    expect(stdout.trim()).toBe(`None a.cjs ${contents.length} 0o100644`);
  });
});
