/** Writes docs/request.schema.json from the request's zod schema: `npm run schema`. With --check it only compares. */
import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { requestSchema } from '../functions/domain/request/request.ts';

const file = new URL('../docs/request.schema.json', import.meta.url);

const $id = 'https://viridian.invalid/request.schema.json';
const description =
  'Input of the state machine blue-green-deployment. That metrics of the bake have different names, and that the database can be changed so, is checked when a run begins.';
const examples = ['dry-run', 'upgrade']
  .map((name) => new URL(`../docs/examples/${name}.json`, import.meta.url))
  .map((example) => JSON.parse(readFileSync(example, 'utf8')) as object);

const hookWithin = (maximum: number) => ({ properties: { withinMinutes: { maximum } } });
const inside = (field: string, rule: object) => ({ properties: { [field]: rule } });
const changes = ['engineVersion', 'parameterGroup', 'clusterParameterGroup', 'instanceClass', 'storage'];
const oneChange = { anyOf: changes.map((change) => ({ required: [change] })) };

/** What fields have to do with each other, as far as JSON Schema can say it; `refine` of the request says it in words. A test compares the two. */
const betweenFields = [
  {
    anyOf: [
      { required: ['adopt'] },
      { required: ['target'], ...inside('target', oneChange) },
      { required: ['hooks'], ...inside('hooks', { required: ['changeGreen'] }) },
    ],
  },
  inside('hooks', {
    dependentRequired: { stopWrites: ['resumeWrites'], resumeWrites: ['stopWrites'] },
    properties: { stopWrites: hookWithin(60), resumeWrites: hookWithin(60) },
  }),
  inside('approval', inside('groups', { uniqueItems: true })),
  inside('bake', inside('metrics', { uniqueItems: true })),
  inside(
    'wayBack',
    inside('login', { anyOf: [{ required: ['secret'] }, inside('user', { const: 'viridian' })] }),
  ),
];

/** JSON Schema (2020-12) of what a person writes: fields with a default may be left out. */
export function requestJsonSchema(): string {
  const schema = z.toJSONSchema(requestSchema, { io: 'input', target: 'draft-2020-12' });
  const { $schema, ...rest } = schema;
  const head = { $schema, $id, title: 'Viridian request', description, examples };
  return `${JSON.stringify({ ...head, ...rest, allOf: betweenFields }, null, 2)}\n`;
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
