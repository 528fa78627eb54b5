import type { Announcement } from '../../../functions/domain/announcement/announcement.ts';
import type { AnnouncementFacts } from '../../../functions/domain/announcement/facts.ts';
import {
  composeAnnouncement,
  type LetterKind,
  letters,
} from '../../../functions/domain/announcement/list.ts';
import { blueSide, deployment, executionArn, greenSide, request, saturday } from '../sample.ts';

const iso = (minutes: number) => new Date(saturday + minutes * 60_000).toISOString();

/** What a message may be made of, an upgrade with a way back. */
export function announcementFacts(more: Partial<AnnouncementFacts> = {}): AnnouncementFacts {
  return {
    executionArn,
    at: iso(0),
    request: request({
      window: { timeZone: 'Europe/Berlin', days: ['Sat'], from: '09:00', to: '12:00' },
      wayBack: { login: {}, applicationRoles: ['app'] },
    }),
    deployment: deployment({
      blue: blueSide({ id: 'orders-old1' }),
      green: greenSide({ id: 'orders' }),
    }),
    wayBack: {
      ...{ possible: true, because: '', databases: ['app'], target: 'old-blue' },
      ...{ open: true, attached: true },
    },
    window: { opensAt: iso(0), closesAt: iso(180), approveBy: iso(120) },
    failure: { state: 'Bake', error: 'BlueGreen.TestFailed', cause: 'the alarm errors fires' },
    writesOut: { since: iso(-1), by: 'switchover' },
    until: iso(600),
    run: executionArn,
    api: 'https://api.example',
    runbook: 'https://wiki.example/runbook',
    ...more,
  };
}

/** Every message, by its kind. @param name makes their ids others than those of another name */
export function lettersOf(name: string): [LetterKind, Announcement][] {
  const facts = announcementFacts({ executionArn: `${executionArn}-${name}` });
  return (Object.keys(letters) as LetterKind[]).map((kind) => [kind, composeAnnouncement(kind, facts)]);
}
