import { askDatabase, readGreenPlace } from '../../databases/ask.ts';
import { questionOf, type WaitingWayBackEvent } from '../../databases/question.ts';
import { TestFailed, UnexpectedState } from '../../domain/model/errors.ts';
import type { SecuredDatabase } from '../../domain/way-back/facts.ts';
import { type Look, wait } from '../../tasks/wait.ts';

/** Refusals that time or the end of a session may lift. */
const passing: string[] = ['writers', 'not-held'];

/** Ready when publication and slot stand on new production, made while nobody wrote. */
export const handler = wait(
  'Secure the way back',
  async (event: WaitingWayBackEvent): Promise<Look<{ secured: SecuredDatabase[] }>> => {
    const { request, wayBack } = event;
    if (!wayBack.changes) throw new UnexpectedState('the changes after the cut were not counted');
    const reply = await askDatabase('secure', {
      ...questionOf(event),
      ...(await readGreenPlace(event)),
      applicationRoles: request.wayBack.applicationRoles,
      changes: wayBack.changes,
    });
    if (reply.kind === 'answer') return { kind: 'ready', facts: { secured: reply.facts.secured } };
    if (reply.kind === 'refused' && !passing.includes(reply.code))
      throw new TestFailed(`${reply.because} (${reply.code})`);
    return { kind: 'not-yet', because: reply.because };
  },
);
