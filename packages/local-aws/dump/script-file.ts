import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, type ReadStream, statSync } from 'node:fs';
import { PassThrough, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { DumpError } from './dump-error.ts';
import {
  type DumpFamily,
  type Format,
  folder,
  formatOf,
  headBytes,
  requireReadable,
  sniff,
} from './file-format.ts';

/** A program that turns an archive of pg_dump into a script; undefined when this machine has none. */
export type PgRestore = string | undefined;

/** Bytes of a script, however its file is packed. */
export interface ScriptFile {
  chunks: AsyncIterable<Buffer>;
  /** Bytes of the file, and how many of them were read: a measure of progress. Zero where nobody knows. */
  size: number;
  read(): number;
  close(): void;
}

/**
 * Opens a dump of any format as a script. Nothing is unpacked to the disk, so its size does not matter.
 * @throws DumpError
 */
export async function openScript(
  file: string,
  pgRestore: PgRestore,
  family: DumpFamily = 'postgresql',
): Promise<ScriptFile> {
  const format = await sniff(file, family);
  if (format === folder) {
    requireReadable(file, folder, pgRestore !== undefined, family);
    return reading(restoring(file, pgRestore), file, 0, () => 0);
  }
  const raw = createReadStream(file, { highWaterMark: 1 << 20 });
  return reading(
    unpacking(raw, file, format, { pgRestore, family }),
    file,
    statSync(file).size,
    () => raw.bytesRead,
  );
}

/**
 * Tells whether a file can be read at all, also what is packed in it, before anything is started.
 * @param canRestore whether there is, or can be, a pg_restore
 * @throws DumpError
 */
export async function checkDumpFile(
  file: string,
  canRestore: boolean,
  family: DumpFamily = 'postgresql',
): Promise<void> {
  const format = await sniff(file, family);
  requireReadable(file, format, canRestore, family);
  if (format === folder) return;
  if (statSync(file).size === 0) throw new DumpError(`${file} is empty; give a dump that holds a database`);
  if (!format?.unpacked) return;
  const source = unpacked(createReadStream(file), file, format.unpacked);
  try {
    const head = await atLeast(headBytes, chunksOf(source.stream));
    if (head.length < headBytes) await source.ended();
    requireReadablePacked(file, formatOf(head), canRestore, family);
  } catch (failure) {
    throw explained(failure as Error, file);
  } finally {
    source.close();
  }
}

function reading(source: Source, file: string, size: number, read: () => number): ScriptFile {
  // It may fail before anybody reads it; whoever reads it then hears of it.
  source.stream.on('error', () => {});
  return { chunks: withoutMark(source, file), size, read, close: source.close };
}

interface Source {
  stream: Readable;
  /** Rejects when what unpacks has failed: the stream alone would just end. */
  ended(): Promise<void>;
  close(): void;
}

/** Whose dump is wanted, and what turns an archive into a script. */
interface Wanted {
  pgRestore: PgRestore;
  family: DumpFamily;
}

function unpacking(raw: ReadStream, file: string, format: Format | undefined, wanted: Wanted): Source {
  requireReadable(file, format, wanted.pgRestore !== undefined, wanted.family);
  if (format?.restored) return restoring(file, wanted.pgRestore);
  if (!format?.unpacked) return { stream: raw, ended: async () => {}, close: () => raw.destroy() };
  return restoringIfArchive(unpacked(raw, file, format.unpacked), file, wanted);
}

function unpacked(raw: ReadStream, file: string, [program, ...args]: readonly string[]): Source {
  if (program === undefined) return gunzipping(raw);
  return piping(spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] }), file, raw, program);
}

function gunzipping(raw: Readable): Source {
  const stream = raw.pipe(createGunzip());
  raw.on('error', (error) => stream.destroy(error));
  return { stream, ended: async () => {}, close: () => raw.destroy() };
}

/** What was packed may be an archive in its turn, as `pg_dump -Fc | zstd` makes it. */
function restoringIfArchive(source: Source, file: string, { pgRestore, family }: Wanted): Source {
  const stream = new PassThrough();
  let inner: Source | undefined;
  (async () => {
    const chunks = chunksOf(source.stream);
    const first = await atLeast(headBytes, chunks);
    const format = formatOf(first);
    requireReadablePacked(file, format, pgRestore !== undefined, family);
    const rest = replay(first, chunks);
    if (!format?.restored) {
      for await (const chunk of rest) if (!stream.write(chunk)) await once(stream, 'drain');
      await source.ended();
      stream.end();
      return;
    }
    inner = piping(
      spawn(pgRestore as string, ['-f', '-'], { stdio: ['pipe', 'pipe', 'pipe'] }),
      file,
      rest,
      'pg_restore',
    );
    for await (const chunk of inner.stream) if (!stream.write(chunk)) await once(stream, 'drain');
    await inner.ended();
    stream.end();
  })().catch((failure: Error) => stream.destroy(failure));
  return {
    stream,
    ended: async () => {},
    close() {
      inner?.close();
      source.close();
    },
  };
}

function requireReadablePacked(
  file: string,
  format: Format | undefined,
  canRestore: boolean,
  family: DumpFamily,
): void {
  if (format?.unpacked || format?.refused)
    throw new DumpError(
      `${file} cannot be read: what is packed in it is ${format.name}; unpack it once and give what comes out`,
    );
  requireReadable(file, format, canRestore, family);
}

const chunksOf = (stream: Readable) => stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;

const explained = (failure: Error, file: string): DumpError =>
  failure instanceof DumpError ? failure : new DumpError(`${file} cannot be read: ${failure.message}`);

async function atLeast(bytes: number, chunks: AsyncIterator<Buffer>): Promise<Buffer> {
  let head = Buffer.alloc(0);
  while (head.length < bytes) {
    const { value, done } = await chunks.next();
    if (done) break;
    head = Buffer.concat([head, value]);
  }
  return head;
}

async function* replay(first: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  if (first.length > 0) yield first;
  for (;;) {
    const { value, done } = await rest.next();
    if (done) return;
    yield value;
  }
}

function restoring(file: string, pgRestore: PgRestore): Source {
  return piping(
    spawn(pgRestore as string, ['-f', '-', file], { stdio: ['ignore', 'pipe', 'pipe'] }),
    file,
    undefined,
    'pg_restore',
  );
}

/** What a program writes. One that fails ends the reading with what it said. */
export function piping(
  child: ChildProcess,
  file: string,
  input: AsyncIterable<Buffer> | undefined,
  program: string,
): Source {
  let said = '';
  child.stderr?.on('data', (chunk) => {
    said = `${said}${chunk}`.slice(0, 2_000);
  });
  const closed = new Promise<string | undefined>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) =>
      resolve(code === 0 ? undefined : said.trim() || `ended with ${code ?? signal}`),
    );
  });
  if (input && child.stdin) void feed(input, child.stdin);
  return {
    // Node throws away what nobody reads of a program that has ended, so it is taken at once.
    stream: (child.stdout as Readable).pipe(new PassThrough()),
    async ended() {
      const failure = await closed;
      if (failure) throw new DumpError(`${file} cannot be read: ${program}: ${failure}`);
    },
    close: () => void child.kill('SIGTERM'),
  };
}

/** A program that ends early says why itself. */
async function feed(input: AsyncIterable<Buffer>, stdin: NodeJS.WritableStream): Promise<void> {
  stdin.on('error', () => {});
  try {
    for await (const chunk of input) {
      if (!stdin.writable) return;
      if (!stdin.write(chunk)) await Promise.race([once(stdin, 'drain'), once(stdin, 'close')]);
    }
    stdin.end();
  } catch {
    stdin.end();
  }
}

const MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** Without the mark that some editors put before UTF-8. */
async function* withoutMark(source: Source, file: string): AsyncGenerator<Buffer> {
  let isFirst = true;
  try {
    for await (const chunk of source.stream as AsyncIterable<Buffer>) {
      yield isFirst && chunk.subarray(0, 3).equals(MARK) ? chunk.subarray(3) : chunk;
      isFirst = false;
    }
    await source.ended();
  } catch (failure) {
    throw explained(failure as Error, file);
  }
}
