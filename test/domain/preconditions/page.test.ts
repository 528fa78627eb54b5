import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describePreconditions } from '../../../commands/write-preconditions.ts';

const docs = join(import.meta.dirname, '..', '..', '..', 'docs');

it('the page of the preconditions is the one that the rules write: engines, what is read and where from, and messages', () => {
  expect(readFileSync(join(docs, 'preconditions.md'), 'utf8')).toBe(describePreconditions());
});
