import { randomBytes } from 'node:crypto';
import { sealWith } from '../aws/kms.ts';
import { startExecution } from '../aws/step-functions/executions.ts';
import { nameExecution, textOfRequester } from '../domain/approval/requester.ts';
import { clock } from '../runtime/clock.ts';
import { env } from '../runtime/env.ts';
import { log } from '../runtime/log.ts';
import type { DecideResult, StartAct } from './protocol.ts';

/** Starts use the alias: it leads to the version that was published last. */
const alias = 'live';

/**
 * Starts a run, or an execution that goes back, for a caller whom IAM knows: its ARN stands in the input, under a seal for this
 * execution alone. It asks for no approval here: the execution does.
 * @param proof when it was signed, and digits of the signature: they name the execution, so that one signature starts one
 */
export async function startFor(
  by: string,
  proof: { at: number; digits: string },
  act: StartAct,
): Promise<DecideResult> {
  const { machine, subject, kind, input } = describeStart(act);
  const name = nameExecution(subject, kind, proof.at, proof.digits);
  const requestSeal = await sealWith(env('LINK_KEY_ID'))(textOfRequester({ by, execution: name }));
  const executionArn = await startExecution({
    stateMachineArn: `${machine}:${alias}`,
    name,
    input: { ...input, requestedBy: by, requestSeal },
  });
  log('approval.decided', { execution: name, decision: act.kind, identified: 'authenticated' });
  return { kind: 'started', executionArn };
}

/**
 * Starts going back for somebody with a link, who typed the phrase and a name: without a seal, so that the name counts as typed. It
 * asks all groups for their approval, and never who asked for it.
 */
export async function startGoingBack(run: string, by: string): Promise<DecideResult> {
  const executionArn = await startExecution({
    stateMachineArn: `${env('ROLL_BACK_STATE_MACHINE_ARN')}:${alias}`,
    name: nameExecution(run, 'back-', clock.now(), randomBytes(3).toString('hex')),
    input: { executionArn: run, requestedBy: by },
  });
  return { kind: 'started', executionArn };
}

function describeStart(act: StartAct): {
  machine: string;
  subject: string;
  kind: '' | 'back-';
  input: Record<string, unknown>;
} {
  if (act.kind === 'go-back')
    return {
      machine: env('ROLL_BACK_STATE_MACHINE_ARN'),
      subject: String(act.input.executionArn ?? 'run'),
      kind: 'back-',
      input: act.input,
    };
  const { database = 'run' } = act.input;
  return { machine: env('STATE_MACHINE_ARN'), subject: String(database), kind: '', input: act.input };
}
