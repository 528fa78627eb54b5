import { resolve } from 'node:path';
import { readVersion } from '../commands/arguments.ts';
import { useLogSink } from '../functions/runtime/log.ts';
import { checkDumpFile } from '../packages/local-aws/dump/script-file.ts';
import type { Audience } from './audience.ts';
import { rehearsed } from './blue.ts';
import { printFailure } from './failure.ts';
import { openScreen } from './live-line.ts';
import { readOptions, usage } from './options.ts';
import { prepareFolder, writeReport } from './report/report.ts';
import { summarize } from './report/summary.ts';
import type { Report } from './report/types.ts';
import { mayRestore } from './servers/postgres-green-way.ts';
import { onStopSignal } from './stop-signal.ts';

const screen = openScreen(process.stdout);
const { print } = screen;
const stop = onStopSignal((signal) => print(`${signal}: stopping every server`));

const audience: Audience = {
  print: (line) => stop.isStopping || print(line),
  show: screen.show && ((line) => stop.isStopping || screen.show?.(line)),
  ask({ link, confirmation }) {
    print('');
    print('  The run waits for your decision. Open this page in a browser on this machine:');
    print(`    ${link}`);
    print(`  It asks you to type: ${confirmation}`);
    print('');
  },
};

async function main(): Promise<number> {
  if (process.argv.includes('--version')) {
    print(`viridian ${readVersion()}`);
    return 0;
  }
  const options = readOptions(process.argv.slice(2), Boolean(process.stdin.isTTY && process.stdout.isTTY));
  if (!options) {
    print(usage);
    return 0;
  }
  if (options.dump !== undefined)
    await checkDumpFile(options.dump, mayRestore(options), rehearsed[options.engine].family);
  await prepareFolder(options.report);
  const log: string[] = [];
  useLogSink((line) => log.push(line));
  // Loaded only now, as it takes a second: a mistake on the command line is told at once.
  if (options.rehearseOnCopy) {
    const { rehearseOnCopy } = await import('./on-copy.ts');
    const { lines, asExpected } = await rehearseOnCopy(options, audience, log, stop.track);
    for (const line of ['', ...lines]) print(line);
    return asExpected ? 0 : 1;
  }
  const { rehearse } = await import('./rehearsal.ts');
  const report: Report = await rehearse(options, audience, log, stop.track);
  await writeReport(options.report, report, log);
  print('');
  for (const line of summarize(report)) print(line);
  print(`Report: ${resolve(options.report, 'index.html')}`);
  return report.asExpected ? 0 : 1;
}

/**
 * Ends the process when everything is written. It does not wait for timers: a tick of half an hour that nobody needs any more is a
 * minute here, and every server and socket has been closed by now.
 */
function leave(code: number): void {
  process.stdout.write('', () => process.exit(code));
}

try {
  leave(await main());
} catch (error) {
  if (stop.isStopping) await new Promise(() => {});
  leave(printFailure(error));
}
