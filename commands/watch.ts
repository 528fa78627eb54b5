/** Draws how one execution stands until it ends: `npm run watch`. */
import { setTimeout } from 'node:timers/promises';
import { readLagCurve } from '../functions/aws/cloudwatch/lag.ts';
import { classifyError } from '../functions/aws/errors.ts';
import type { RunFacts } from '../functions/domain/run/facts.ts';
import { type LagCurve, spanOfLag } from '../functions/domain/run/lag-curve.ts';
import { isOpen } from '../functions/domain/run/standing.ts';
import { readOptions, runCommand } from './arguments.ts';
import { drawRun } from './draw-run.ts';
import { momentOf, readOne, useRegionOf } from './read-one.ts';

const usage = `Draws the page of a run, or of an execution that goes back, in the terminal,
every five seconds until it ends: phase, what it waits for and why, since when
and until when, tasks of RDS, lag, approvals, steps, costs, what to do.

  npm run watch -- --execution ARN [--api URL]

  --execution ARN   the run
  --api URL         address of the HTTP API of the stack: stands in commands
  -h, --help        this text
  --version         the version of Viridian

Ends with the run; exit codes are those of npm run status. Where no terminal is,
it writes what has changed since.

Needs states:DescribeExecution and GetExecutionHistory, and for the lag
cloudwatch:GetMetricData.
`;

/** Milliseconds between two looks. */
const every = 5_000;

/** Home, and everything below it. */
const clear = '\u001b[H\u001b[J';

/** What is another with every look, and no news by itself. */
const passing = /^(since|until|costs|lag|\d{4}-| )/;

await runCommand(usage, async (args) => {
  const { execution, api = 'URL' } = readOptions(args, ['execution', 'api'], ['execution']);
  useRegionOf(execution);
  const draw = openDrawing();
  for (let facts = await readOne(execution); ; facts = await readAgain(execution, facts)) {
    const now = momentOf(facts);
    draw(drawRun(facts, await readCurve(facts, now), api, now));
    if (!isOpen(facts)) return 0;
    await setTimeout(every);
  }
});

/** Where AWS admits no more calls, or its answer was lost, it is asked again; what was read before stands meanwhile. */
async function readAgain(execution: string, before: RunFacts): Promise<RunFacts> {
  try {
    return await readOne(execution);
  } catch (error) {
    if (!['busy', 'lost'].includes(classifyError(error))) throw error;
    return before;
  }
}

async function readCurve(facts: RunFacts, now: number): Promise<LagCurve | 'unreadable' | undefined> {
  const span = spanOfLag(facts, now);
  return span && readLagCurve(span).catch(() => 'unreadable' as const);
}

/** A terminal is drawn anew; a file or a pipe gets the lines that were not there before, where one of them is news. */
function openDrawing(): (lines: string[]) => void {
  let before: string[] = [];
  return (lines) => {
    const added = lines.filter((line) => !before.includes(line));
    before = lines;
    if (process.stdout.isTTY) process.stdout.write(`${clear}${lines.join('\n')}\n`);
    else if (added.some((line) => !passing.test(line))) process.stdout.write(`${added.join('\n')}\n`);
  };
}
