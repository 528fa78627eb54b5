import { insist, type Places, readMarkedPlaces } from './ask.ts';
import { questionOf, type WayBackEvent } from './question.ts';

/** Opens one side after the proof that the other is closed, and that nobody has written there behind its fence. */
export async function openSide(
  event: WayBackEvent,
  side: keyof Places,
  other: keyof Places,
): Promise<{ writable: string[] }> {
  const { [side]: open, [other]: closed } = await readMarkedPlaces(event);
  return insist('open', { ...questionOf(event), open, closed });
}
