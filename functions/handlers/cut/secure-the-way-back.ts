import { readCutCoordinates } from '../../aws/facts/cut-coordinates.ts';
import { askDatabase, atNewProduction, refuseWhatCannotHeal, sayNoAnswer } from '../../databases/ask.ts';
import { questionOf, type WaitingWayBackEvent } from '../../databases/question.ts';
import { TestFailed, UnexpectedState } from '../../domain/model/errors.ts';
import type { SecuredDatabase } from '../../domain/way-back/facts.ts';
import { judgeStart } from '../../domain/way-back/mysql/boundary.ts';
import { clock } from '../../runtime/clock.ts';
import { type Look, wait } from '../../tasks/wait.ts';

/** Refusals that time or the end of a session may lift. */
const passing: string[] = ['writers', 'not-held'];

/** Ready when publication and slot stand on new production, made while nobody wrote; or when the cut was found in its log. */
export const handler = wait(
  'Secure the way back',
  async (event: WaitingWayBackEvent): Promise<Look<{ secured: SecuredDatabase[] }>> => {
    const { request, wayBack } = event;
    if (!wayBack.changes) throw new UnexpectedState('the changes after the cut were not counted');
    const question = {
      ...questionOf(event),
      applicationRoles: request.wayBack.applicationRoles,
      changes: wayBack.changes,
      ...(wayBack.before && { before: wayBack.before }),
    };
    const reply = await atNewProduction(event, (place) => askDatabase('secure', { ...question, ...place }));
    refuseWhatCannotHeal(reply);
    if (reply.kind === 'answer')
      return { kind: 'ready', facts: { secured: await hearWitness(event, reply.facts.secured) } };
    if (reply.kind === 'refused' && !passing.includes(reply.code))
      throw new TestFailed(`${reply.because} (${reply.code})`);
    return sayNoAnswer(reply);
  },
);

/** Where the cut was found in a log, RDS says in an event of green's writer where it was as well. */
async function hearWitness(
  { deployment }: WaitingWayBackEvent,
  secured: SecuredDatabase[],
): Promise<SecuredDatabase[]> {
  if (deployment.replication !== 'binlog' || !deployment.green) return secured;
  const witness = await readCutCoordinates(deployment.green, clock.now());
  return secured.map((one) => ({
    ...one,
    ...judgeStart({ start: one.start, early: one.early ?? false }, witness),
  }));
}
