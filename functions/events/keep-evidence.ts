import { readChanges } from '../aws/evidence/changes.ts';
import { addToLedger, isRecorded } from '../aws/evidence/ledger.ts';
import { readRunEvents } from '../aws/evidence/run-events.ts';
import { listEnds, type Run, readRun } from '../aws/step-functions/executions.ts';
import { parseObject } from '../aws/step-functions/history-payload.ts';
import { fromHistory } from '../domain/evidence/from-history.ts';
import { nameOfEnd } from '../domain/evidence/ledger.ts';
import { collectChanges, type EvidenceRecord } from '../domain/evidence/record.ts';
import { actAs } from '../runtime/actor.ts';
import { clock } from '../runtime/clock.ts';
import { env } from '../runtime/env.ts';
import { ourMachines, readTrigger, type Trigger } from './trigger.ts';

/** A rehearsal on a copy is an execution of its own: it copies, seals the run on the copy, and deletes. */
const recorded = (): string[] => [...ourMachines(), env('REHEARSAL_STATE_MACHINE_ARN')];

/** Lines of a function reach its log within seconds; what comes later is in the log, and not in the record. Milliseconds. */
const linesArriveWithin = 30_000;

/** The next run of the schedule looks again at everything that this one has looked at. Milliseconds. */
const looksBack = 26 * 3_600_000;

/**
 * Called when an execution of any of the machines has ended, whatever its end, and every hour. Writes one record of it, which nobody can change
 * afterwards; an end whose event was lost, or whose record could not be written, gets its record within a day.
 * @returns keys of the records that were written
 */
export async function handler(event: unknown): Promise<{ kept: string[] }> {
  const kept: string[] = [];
  for (const executionArn of await listEnded(readTrigger(event, recorded(), clock.now()))) {
    const run = await readRun(executionArn);
    if (run?.endedAt === undefined || (await isRecorded(env('EVIDENCE_BUCKET'), endOf(run)))) continue;
    kept.push(await keep(run, run.endedAt));
  }
  return { kept };
}

const endOf = ({ executionArn, endedAt = 0 }: Run): string =>
  nameOfEnd({ executionArn, endedAt: new Date(endedAt).toISOString() });

async function listEnded(trigger: Trigger | undefined): Promise<string[]> {
  if (trigger?.kind === 'end') return [trigger.executionArn];
  return trigger?.kind === 'hourly' ? listRecent(trigger.at) : [];
}

async function listRecent(at: number): Promise<string[]> {
  const found: string[] = [];
  for (const machine of recorded())
    found.push(...(await listEnds(machine, at - looksBack, at - linesArriveWithin)));
  return found;
}

async function keep(run: Run, endedAt: number): Promise<string> {
  const { executionArn } = run;
  await clock.sleep(Math.max(0, endedAt + linesArriveWithin - clock.now()));
  const period = { from: Date.parse(run.startedAt), to: clock.now() };
  const changes = collectChanges(await readChanges(env('CHANGE_LOGS').split(','), executionArn, period));
  const history = fromHistory(await readRunEvents(executionArn));
  const place = { bucket: env('EVIDENCE_BUCKET'), signingKey: env('EVIDENCE_KEY_ARN') };
  return actAs({ function: 'keepEvidence', executionArn }, () =>
    addToLedger(
      place,
      endOf(run),
      (position): EvidenceRecord => ({
        schema: 'viridian-evidence/1',
        ...position,
        writtenAt: new Date(clock.now()).toISOString(),
        run: describe(run, endedAt),
        input: parseObject(run.input) ?? null,
        ...history,
        changes,
        artefact: env('ARTEFACT_DIGEST'),
      }),
    ),
  );
}

const describe = (run: Run, endedAt: number): EvidenceRecord['run'] => ({
  executionArn: run.executionArn,
  machineVersion: run.machineVersion ?? null,
  status: run.status,
  startedAt: run.startedAt,
  endedAt: new Date(endedAt).toISOString(),
  error: run.error ?? null,
  cause: run.cause ?? null,
});
