import { arch, cpus, release, totalmem, type } from 'node:os';
import { withoutPassword } from '../../packages/local-aws/postgres/dump/source.ts';

/** What was rehearsed, so that somebody else can do the same and knows what the figures are of. */
export interface Rehearsed {
  /** As it is typed; without a password. */
  command: string;
  machine: string;
}

/** @param args of the command line */
export function describeRehearsed(args: readonly string[]): Rehearsed {
  return {
    command: ['npm start', ...(args.length > 0 ? ['--', ...args.map(quote)] : [])].join(' '),
    machine: describeMachine(),
  };
}

function quote(arg: string): string {
  const plain = arg.replace(/postgres(?:ql)?:\/\/\S+/, (address) =>
    URL.canParse(address) ? withoutPassword(address) : 'postgres://...',
  );
  return /^[\w@%+=:,./-]+$/.test(plain) ? plain : `'${plain.replaceAll("'", String.raw`'\''`)}'`;
}

function describeMachine(): string {
  const all = cpus();
  const processor = all[0]?.model.trim() || 'processor';
  const memory = (totalmem() / 2 ** 30).toFixed(1);
  return `${all.length} x ${processor}, ${memory} GiB of memory, ${type()} ${release()} on ${arch()}, Node ${process.versions.node}`;
}
