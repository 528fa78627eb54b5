import { DumpError } from '../packages/local-aws/dump/dump-error.ts';
import { CannotStart } from '../packages/local-aws/servers/cannot-start.ts';
import { UsageError } from './options.ts';

/** Mistakes whose message says everything; anything else is a fault of the program and comes with its stack. */
const explained = [UsageError, DumpError, CannotStart];

/** Tells on stderr why a command ends early, and gives its exit code: 2 for a mistake on the command line. */
export function printFailure(error: unknown): number {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  const isExplained = explained.some((kind) => error instanceof kind);
  process.stderr.write(`${isExplained ? message : (stack ?? message)}\n`);
  return error instanceof UsageError ? 2 : 1;
}
