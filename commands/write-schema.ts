/** Writes docs/request.schema.json from the request's zod schema: `npm run schema`. With --check it only compares. */
import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { requestSchema } from '../functions/domain/request/request.ts';

const file = new URL('../docs/request.schema.json', import.meta.url);

/** JSON Schema (2020-12) of what a person writes: fields with a default may be left out. */
export function requestJsonSchema(): string {
  const schema = z.toJSONSchema(requestSchema, { io: 'input', target: 'draft-2020-12' });
  return `${JSON.stringify({ title: 'Viridian request', ...schema }, null, 2)}\n`;
}

if (import.meta.main) {
  const text = requestJsonSchema();
  if (process.argv.includes('--check')) {
    if (readFileSync(file, 'utf8') !== text) {
      console.error(
        'docs/request.schema.json is not what functions/domain/request/request.ts says: run npm run schema',
      );
      process.exitCode = 1;
    }
  } else {
    writeFileSync(file, text);
  }
}
