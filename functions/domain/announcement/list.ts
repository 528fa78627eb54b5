import type { Announcement } from './announcement.ts';
import type { AnnouncementFacts } from './facts.ts';
import { composeLetter, type Letter } from './letter.ts';
import * as run from './of-the-run.ts';
import * as wayBack from './of-the-way-back.ts';

/** Every message of a run that goes on, by the attribute `kind` that it has, in the order in which a run may come to them. */
export const letters = {
  started: run.started,
  'green-ready': run.greenReady,
  'window-open': run.windowOpen,
  'writes-held': wayBack.writesHeld,
  'cut-done': run.cutDone,
  'production-lacks': run.productionLacks,
  'way-back-closed': wayBack.wayBackClosed,
  'bake-failed': wayBack.bakeFailed,
  'go-back-asked': wayBack.goBackAsked,
  'go-back-reminded': wayBack.goBackReminded,
  'go-back-last-call': wayBack.goBackLastCall,
  'going-back': wayBack.goingBack,
  'old-blue-goes': run.oldBlueGoes,
} as const satisfies Record<string, Letter>;

export type LetterKind = keyof typeof letters;

/** A message while a run goes on, for the announcements. */
export function composeAnnouncement(kind: LetterKind, facts: AnnouncementFacts): Announcement {
  return composeLetter(kind, letters[kind], facts);
}
