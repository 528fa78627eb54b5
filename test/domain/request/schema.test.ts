import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { requestJsonSchema } from '../../../commands/write-schema.ts';

const docs = join(import.meta.dirname, '..', '..', '..', 'docs');

it('the published schema, by which editors check a request, is the one that requests are read by', () => {
  expect(readFileSync(join(docs, 'request.schema.json'), 'utf8')).toBe(requestJsonSchema());
});
