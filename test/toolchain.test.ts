import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';

it('runs on the Node that npm installs, not on whatever the machine has', () => {
  expect(Number(process.versions.node.split('.')[0])).toBeGreaterThanOrEqual(22);
});

it('installs what the lock file says without a warning that frightens', () => {
  const { stdout, stderr, status } = spawnSync('npm', ['ci', '--dry-run', '--offline'], { encoding: 'utf8' });
  expect(status, stderr).toBe(0);
  expect(`${stdout}${stderr}`).not.toMatch(/warn/i);
});
