import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { readRehearseOnCopy } from '../../functions/domain/on-copy/asked.ts';
import { requestSchema } from '../../functions/domain/request/request.ts';
import { findInputProblems } from '../../functions/domain/way-back/roll-back-input.ts';
import { invalidRequests } from '../domain/request/invalid-requests.ts';

interface Schema {
  $id?: string;
  description?: string;
  examples?: unknown[];
  properties?: Record<string, Schema>;
  items?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
}

const read = (name: string): Schema =>
  JSON.parse(readFileSync(new URL(`../../docs/${name}.schema.json`, import.meta.url), 'utf8')) as Schema;

/** Every field with what describes it. A field may have several forms, and rules between fields name it again: one description is enough. */
function fieldsOf(schema: Schema, path = ''): Map<string, string> {
  const found = new Map<string, string>();
  const note = (name: string, description = '') => found.set(name, found.get(name) || description);
  for (const [key, field] of Object.entries(schema.properties ?? {})) {
    note(`${path}${key}`, field.description);
    for (const [name, description] of fieldsOf(field, `${path}${key}.`)) note(name, description);
  }
  const { anyOf = [], oneOf = [], allOf = [], items } = schema;
  for (const part of [...anyOf, ...oneOf, ...allOf, ...(items ? [items] : [])])
    for (const [name, description] of fieldsOf(part, path)) note(name, description);
  return found;
}

const compile = (schema: Schema) =>
  new Ajv2020({ validateFormats: false, strictTypes: false, strictRequired: false }).compile(schema);

const problemsOfRequest = (input: unknown) => requestSchema.safeParse(input).error?.issues ?? [];

/** What reads each input finds wrong with it. */
const problemsOf: Record<string, (input: unknown) => unknown[]> = {
  request: problemsOfRequest,
  rehearsal: (input) => {
    const { rehearseOnCopy, ...request } = input as { rehearseOnCopy: object };
    const { problems } = readRehearseOnCopy(
      rehearseOnCopy,
      'arn:aws:states:eu-west-1:111122223333:execution:r:1',
    );
    return [...problemsOfRequest(request), ...problems];
  },
  'roll-back': findInputProblems,
};

describe.each(['request', 'rehearsal', 'roll-back'])('the schema %s', (name) => {
  const schema = read(name);

  it('describes itself and every field, for editors', () => {
    expect(schema.$id).toBe(`https://viridian.invalid/${name}.schema.json`);
    const fields = fieldsOf(schema);
    expect(fields.size).toBeGreaterThan(5);
    const silent = [...fields].filter(([, description]) => description.length < 10);
    expect([schema.description === undefined, ...silent]).toEqual([false]);
  });

  it('takes its own examples, and so does what reads the input', () => {
    const isValid = compile(schema);
    expect(schema.examples?.length).toBeGreaterThan(0);
    for (const example of schema.examples ?? []) {
      expect(isValid(example), JSON.stringify(isValid.errors)).toBe(true);
      expect(problemsOf[name]?.(example)).toEqual([]);
    }
  });
});

describe('the schema of a rehearsal', () => {
  const isValid = compile(read('rehearsal'));
  const request = { database: 'orders', target: { engineVersion: '17.10' } };
  const arn = 'arn:aws:lambda:eu-west-1:111122223333:function:viridian-hook-load';

  it.each<[valid: boolean, rehearseOnCopy: unknown]>([
    [true, { load: { arn } }],
    [false, true],
    [false, { lode: {} }],
    [false, { load: {} }],
    [false, { load: { arn: arn.replace('viridian-hook-', 'other-') } }],
    [false, { load: { arn, callback: true } }],
  ])('says %s to %j', (valid, rehearseOnCopy) => {
    expect(isValid({ ...request, rehearseOnCopy })).toBe(valid);
  });

  it('is the only one that knows the field: a run refuses it', () => {
    const input = { ...request, rehearseOnCopy: {} };
    expect(compile(read('request'))(input)).toBe(false);
    expect(problemsOfRequest(input)).not.toEqual([]);
  });
});

describe('the schema of a request', () => {
  const isValid = compile(read('request'));
  // Nothing at all is no JSON.
  const written = invalidRequests.filter(([, input]) => input !== undefined);

  it.each(written)('refuses what a run refuses: %s', (_problem, input) => {
    expect(isValid(input)).toBe(false);
  });

  it('takes a request that says where its schema is', () => {
    const input = {
      $schema: './request.schema.json',
      database: 'orders',
      target: { engineVersion: '17.10' },
    };
    expect(isValid(input)).toBe(true);
    expect(requestSchema.safeParse(input).success).toBe(true);
  });
});
