import { Busy } from '../domain/errors.ts';
import { askDatabase, type Places, readMarkedPlaces, settle } from './database.ts';
import { questionOf, type WayBackEvent } from './way-back-event.ts';

/**
 * Opens one side after the proof that the other is closed. What still writes there, such as the stream into a target that is behind, may
 * come to its end, and meanwhile nobody can write anywhere: so that is Busy.
 */
export async function openSide(
  event: WayBackEvent,
  side: keyof Places,
  other: keyof Places,
): Promise<{ writable: string[] }> {
  const { [side]: open, [other]: closed } = await readMarkedPlaces(event);
  const reply = await askDatabase('open', { ...questionOf(event), open, closed });
  if (reply.kind === 'refused' && reply.code === 'writers') throw new Busy(reply.because);
  return settle(reply);
}
