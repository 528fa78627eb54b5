import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';

const read = (file: string) => readFile(new URL(`../${file}`, import.meta.url), 'utf8');

it('shows an example that runs', async () => {
  expect(await read('README.md')).toContain(`\`\`\`ts\n${await read('example.ts')}\`\`\``);
  const { BlueGreenDeployments } = await import('../example.ts');
  expect(BlueGreenDeployments?.map(({ Status }) => Status)).toEqual(['AVAILABLE']);
});
