/** Writes docs/request.schema.json, docs/rehearsal.schema.json and docs/evidence.schema.json from their zod schemas: `npm run schema`. With --check it only compares. */
import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { rehearseOnCopySchema } from '../functions/domain/on-copy/asked.ts';
import { requestSchema } from '../functions/domain/request/request.ts';
import { recordSchema } from './evidence/record-schema.ts';

const $id = 'https://viridian.invalid/request.schema.json';
const description =
  'Input of the state machine blue-green-deployment. That metrics and members have different names, that steps of the readers grow, and that the database can be changed so, is checked when a run begins.';
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
    properties: {
      stopWrites: hookWithin(60),
      resumeWrites: hookWithin(60),
      handOver: inside('callback', { const: false }),
    },
  }),
  inside('consumers', { uniqueItems: true }),
  inside('target', inside('members', { uniqueItems: true })),
  {
    anyOf: [
      inside('switchover', inside('longTransactions', { const: 'wait' })),
      { required: ['wayBack'], ...inside('wayBack', { required: ['login'] }) },
    ],
  },
  inside('approval', inside('groups', { uniqueItems: true })),
  inside('bake', inside('metrics', { uniqueItems: true })),
  inside('readRamp', {
    properties: { steps: { uniqueItems: true }, metrics: { uniqueItems: true } },
  }),
  {
    not: {
      required: ['readRamp', 'approval'],
      properties: {
        readRamp: { required: ['onBadStep'], ...inside('onBadStep', { const: 'ask' }) },
        approval: { required: ['required'], ...inside('required', { const: false }) },
      },
    },
  },
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

/** JSON Schema (2020-12) of the input of a rehearsal on a copy: the request of the run, and one field more. */
export function rehearsalJsonSchema(): string {
  const request = JSON.parse(requestJsonSchema()) as { properties: object; examples: object[] };
  const { $schema: _, ...rehearseOnCopy } = z.toJSONSchema(rehearseOnCopySchema, { io: 'input' });
  const schema = {
    ...request,
    $id: 'https://viridian.invalid/rehearsal.schema.json',
    title: 'Viridian rehearsal on a copy',
    description:
      'Input of the state machine rehearsal, but for a clean-up: {"removeCopyOf": ARN of a rehearsal}.',
    examples: request.examples.map((one) => ({ ...one, rehearseOnCopy: {} })),
    properties: { ...request.properties, rehearseOnCopy },
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

/** JSON Schema (2020-12) of the record of a run. */
export function evidenceJsonSchema(): string {
  const { $schema, ...rest } = z.toJSONSchema(recordSchema, { target: 'draft-2020-12' });
  const head = { $schema, $id: 'https://viridian.invalid/evidence.schema.json', title: 'Viridian evidence' };
  return `${JSON.stringify({ ...head, ...rest }, null, 2)}\n`;
}

const schemas = {
  '../docs/request.schema.json': requestJsonSchema,
  '../docs/rehearsal.schema.json': rehearsalJsonSchema,
  '../docs/evidence.schema.json': evidenceJsonSchema,
};

if (import.meta.main) {
  for (const [name, write] of Object.entries(schemas)) {
    const file = new URL(name, import.meta.url);
    if (!process.argv.includes('--check')) writeFileSync(file, write());
    else if (readFileSync(file, 'utf8') !== write()) {
      console.error(`${name.slice('../'.length)} is not what its schema says: run npm run schema`);
      process.exitCode = 1;
    }
  }
}
