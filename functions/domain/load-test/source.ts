import { createHash } from 'node:crypto';
import type { Reading } from '../model/reading.ts';
import type { Request } from '../request/request.ts';
import type { FileReading } from './statement.ts';

/** Statements of a load test: some that are given, or those that take most time on blue. `database`: null where none is named. */
export type LoadSource = { database: string | null } & (
  | { kind: 'file'; statements: string[] }
  | { kind: 'top'; count: number }
);

/** What the databases are asked to run. @param file as it was read; absent: the server's own */
export function sourceOf(
  { tests: { load } }: Pick<Request, 'tests'>,
  file?: Reading<FileReading>,
): LoadSource {
  const database = load?.database ?? null;
  if (!file) return { kind: 'top', count: load?.top ?? 0, database };
  const read = 'value' in file && 'statements' in file.value ? file.value.statements : [];
  return { kind: 'file', database, statements: read.map(({ text }) => text) };
}

/** The file of a load test in S3; undefined: the statements are those of the server, or there is no load test. */
export function fileOf({ tests: { load } }: Pick<Request, 'tests'>): string | undefined {
  return load && load.statements !== 'top' ? load.statements : undefined;
}

/** Where statements come from, for people. Of a file with a digest of its content: it may be another one later. */
export function nameSource(file: string | undefined, content = ''): string {
  if (file === undefined) return 'those that take most time on blue';
  return `${file}, SHA-256 ${createHash('sha256').update(content).digest('hex').slice(0, 16)}`;
}
