import { z } from 'zod';
import { didYouMean } from '../model/did-you-mean.ts';
import { requestSchema } from './request.ts';

type Issue = z.core.$ZodIssue;

/**
 * What is wrong with an input, each as "field: problem; fix", with the field as a dotted path. All of it together, so that
 * nobody has to start twice.
 */
export function describeProblems(issues: readonly Issue[], input: unknown): string[] {
  return [...new Set(issues.flatMap((issue) => describeIssue(issue, input, [])))];
}

const kinds: Record<string, string> = {
  array: 'a list',
  boolean: 'true or false',
  int: 'a whole number',
  number: 'a number',
  object: 'an object',
  string: 'a text',
};

function describeIssue(issue: Issue, input: unknown, around: PropertyKey[]): string[] {
  const path = [...around, ...issue.path];
  const given = valueAt(input, path);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) =>
        say(
          [...path, key],
          `is not a field of the request; ${didYouMean(key, fieldsAt(requestSchema, path)) ?? 'remove it, or correct its spelling'}`,
        ),
      );
    case 'invalid_type':
      return [
        say(
          path,
          `${given === undefined ? 'is missing' : `is ${show(given)}`}; give ${kinds[issue.expected] ?? issue.expected}`,
        ),
      ];
    case 'invalid_value':
      return [
        say(
          path,
          `is ${show(given)}; ${didYouMean(given, issue.values.map(String)) ?? `give ${issue.values.map(String).join(', ')}`}`,
        ),
      ];
    case 'too_big':
      return [say(path, `is ${size(given)}; give at most ${issue.maximum}`)];
    case 'too_small':
      return [say(path, `is ${size(given)}; give at least ${issue.minimum}`)];
    case 'invalid_union':
      // A kind that none of the forms has.
      if (issue.errors.length === 0)
        return [say(path, `${given === undefined ? 'is missing' : `is ${show(given)}`}; ${issue.message}`)];
      return nearest(issue.errors).flatMap((inner) => describeIssue(inner, input, path));
    default:
      return [say(path, given === undefined ? issue.message : `is ${show(given)}; ${issue.message}`)];
  }
}

/** Names of the fields that an object of the request may have, of all of its forms. */
function fieldsAt(schema: unknown, path: PropertyKey[]): string[] {
  const [first, ...rest] = path;
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault)
    return fieldsAt(schema.unwrap(), path);
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((form: unknown) => fieldsAt(form, path));
  if (schema instanceof z.ZodArray) return fieldsAt(schema.element, rest);
  if (!(schema instanceof z.ZodObject)) return [];
  return first === undefined ? Object.keys(schema.shape) : fieldsAt(schema.shape[String(first)], rest);
}

/** Of the forms that a field may have, the one that the input comes closest to. */
function nearest(forms: Issue[][]): Issue[] {
  return forms.toSorted((a, b) => a.length - b.length)[0] ?? [];
}

function say(path: PropertyKey[], problem: string): string {
  const field = path.map((part) => cut(String(part))).join('.');
  return `${field || 'the request'}: ${problem}`;
}

function valueAt(input: unknown, path: PropertyKey[]): unknown {
  let value = input;
  for (const key of path) {
    value = (value as Record<PropertyKey, unknown> | null | undefined)?.[key];
  }
  return value;
}

/** A value as it was written, cut where it is long; an object by its kind only. */
function show(value: unknown): string {
  if (Array.isArray(value)) {
    return 'a list';
  }
  if (value !== null && typeof value === 'object') {
    return 'an object';
  }
  return cut(JSON.stringify(value) ?? typeof value);
}

function cut(text: string): string {
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

function size(value: unknown): string {
  return Array.isArray(value) || typeof value === 'string' ? `${value.length} long` : show(value);
}
