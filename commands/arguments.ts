import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

/** A mistake on the command line. */
export class UsageError extends Error {}

export const asksForHelp = (args: readonly string[]): boolean =>
  args.includes('--help') || args.includes('-h');

/** Version of Viridian, as package.json has it. */
export function readVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

/**
 * Options of a command that all take a text. What is wrong is one sentence.
 * @param names of the options; those of `needed` must be given
 */
export function readOptions<Name extends string, Needed extends Name>(
  args: string[],
  names: readonly Name[],
  needed: readonly Needed[],
): Record<Needed, string> & Partial<Record<Name, string>> {
  const options = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]));
  let values: Partial<Record<Name, string>>;
  try {
    values = parseArgs({ args, options, strict: true, allowPositionals: false }).values as typeof values;
  } catch (error) {
    throw new UsageError((error as Error).message.split('\n')[0]);
  }
  const missing = needed.filter((name) => !values[name]);
  if (missing.length > 0) throw new UsageError(`give ${missing.map((name) => `--${name}`).join(' and ')}`);
  return values as Record<Needed, string> & Partial<Record<Name, string>>;
}

/**
 * Runs a command: `-h` and `--help` print its usage, `--version` the version. Exit code 2 is a mistake on the command line, 1 what did not
 * succeed.
 * @param failed exit code of an error, where 1 says something else
 */
export async function runCommand(
  usage: string,
  work: (args: string[]) => Promise<number>,
  failed = 1,
): Promise<void> {
  const args = process.argv.slice(2);
  try {
    if (asksForHelp(args)) process.stdout.write(usage);
    else if (args.includes('--version')) process.stdout.write(`viridian ${readVersion()}\n`);
    else process.exitCode = await work(args);
  } catch (error) {
    const mistake = error instanceof UsageError;
    process.stderr.write(`${(error as Error).message}\n${mistake ? `\n${usage}` : ''}`);
    process.exitCode = mistake ? 2 : failed;
  }
}
