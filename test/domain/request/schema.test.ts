import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { requestJsonSchema } from '../../../commands/write-schema.ts';
import { requestSchema } from '../../../functions/domain/request/request.ts';

const docs = join(import.meta.dirname, '..', '..', '..', 'docs');
const read = (file: string) => readFileSync(join(docs, file), 'utf8');
const examples = ['dry-run.json', 'upgrade.json'];

it('the published schema, by which editors check a request, is the one that requests are read by', () => {
  expect(read('request.schema.json')).toBe(requestJsonSchema());
});

it.each(examples)('the example %s is a request', (file) => {
  expect(requestSchema.safeParse(JSON.parse(read(`examples/${file}`))).error).toBeUndefined();
});
