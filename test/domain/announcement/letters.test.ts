import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AnnouncementFacts } from '../../../functions/domain/announcement/facts.ts';
import { anchor, linksTo } from '../../../functions/domain/announcement/links.ts';
import {
  composeAnnouncement,
  type LetterKind,
  letters,
} from '../../../functions/domain/announcement/list.ts';
import { executionArn, hour, request, saturday } from '../sample.ts';
import { announcementFacts, lettersOf } from './facts.ts';

const runbook = readFileSync(join(import.meta.dirname, '..', '..', '..', 'docs', 'runbook.md'), 'utf8');
const headings = [...runbook.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading);

describe.each(lettersOf('text'))('the message "%s"', (kind, { subject, text, json, attributes }) => {
  it('has one subject by its severity, and says in its attributes what it is', () => {
    expect(subject).toMatch(new RegExp(`^\\[${attributes.severity}\\] [\\x20-\\x7e]{1,90} \\(orders\\)$`));
    expect(attributes).toMatchObject({ kind, database: 'orders' });
  });

  it('leads to the execution and to a heading of the runbook of the stack, never to a file', () => {
    expect(headings).toContain(letters[kind].heading);
    expect(text.split('\n')).toContain(
      `Runbook  https://wiki.example/runbook#${anchor(letters[kind].heading)}`,
    );
    expect(text).toContain(
      '\nLook     https://eu-central-1.console.aws.amazon.com/states/home?region=eu-central-1#',
    );
    expect(text).not.toContain('docs/');
  });

  it('has short lines, each command alone on its line, and times in UTC and in the zone of the request', () => {
    const { commands } = json as { commands: string[] };
    const lines = text.split('\n');
    for (const command of commands) expect(lines).toContain(`    ${command}`);
    const prose = lines.filter((line) => !/^( {4}|Run|Look)/.test(line));
    expect(prose.filter((line) => line.length > 76)).toEqual([]);
    expect(lines[0]).toBe('orders, 2026-11-21 08:00 UTC (Sat 09:00 Europe/Berlin)');
    expect(text).not.toMatch(/undefined|\[object|NaN|null/);
  });

  it('is listed in the runbook with its severity', () => {
    const row = runbook.split('\n').find((line) => line.startsWith('|') && line.includes(`\`${kind}\``));
    expect(row?.split('|')[2]?.trim()).toBe(attributes.severity);
  });
});

const hook = 'arn:aws:lambda:eu-central-1:111122223333:function:viridian-hook-x';

const say = (kind: LetterKind, more: Partial<AnnouncementFacts> = {}) =>
  composeAnnouncement(kind, announcementFacts(more)).text.replaceAll(/\s+/g, ' ');
const { wayBack } = announcementFacts();

describe('the cut', () => {
  it.each<[words: string, facts: Partial<AnnouncementFacts>]>([
    [
      'Writes were out for at most 1 min, measured by the run from the call of the switchover to the release of the roles of the application. RDS lets blue take writes',
      {},
    ],
    [
      'Writes were out for at most 1 min, measured by the run from the call of the switchover to the proof that green serves.',
      { wayBack: { ...wayBack, open: false } },
    ],
    [
      'Writes were out for 1 min, measured by the run from the call of your stopWrites hook to the answer of your resumeWrites hook. A client',
      {
        request: request({
          hooks: { stopWrites: { arn: hook }, resumeWrites: { arn: hook } },
        }),
        writesOut: { since: new Date(saturday - 60_000).toISOString(), by: 'hook' },
      },
    ],
    [
      'Writes were out for at most 3 s, measured by the run from the call of the switchover to the release of the roles of the application.',
      {
        writesOut: {
          since: new Date(saturday - 60_000).toISOString(),
          by: 'switchover',
          until: new Date(saturday - 57_000).toISOString(),
        },
      },
    ],
    ['For how long nobody could write is not known.', { writesOut: undefined }],
    [
      'There is no way back without losing rows: the slot is gone.',
      { wayBack: { ...wayBack, lost: 'the slot is gone' } },
    ],
    ['not before 2026-11-21 09:00 UTC (Sat 10:00 Europe/Berlin)', {}],
    ['cdc: lead it to', { request: request({ consumers: ['cdc'] }) }],
    ['as soon as a clone of old blue is made', { wayBack: { ...wayBack, target: 'clone' } }],
  ])('"%s"', (words, facts) => {
    expect(say('cut-done', facts)).toContain(words);
  });
});

it('an open window tells of the readers that come to green before the cut, and only where they do', () => {
  const readRamp = {
    ...{ hostedZoneId: 'Z1', recordName: 'readers.example.com.' },
    ...{ steps: [20, 60], minutesEach: 15 },
  };
  expect(say('window-open', { request: request({ readRamp }) })).toMatch(
    /First 20, 60 % of the readers who come by readers\.example\.com are led to green, 15 min each, and then all back to blue\..* Then the cut begins as soon as green has caught up/,
  );
  expect(say('window-open')).toContain('The cut begins as soon as green has caught up');
  expect(say('window-open')).not.toContain('readers');
});

it('people are asked by page only where the request asks people', () => {
  expect(say('go-back-asked')).toContain('(approvers) are asked by a message with a link');
  expect(say('go-back-asked', { request: request({ approval: { required: false } }) })).not.toContain(
    'link,',
  );
});

it('an undecided bake does not say that production is sick', () => {
  const failure = { state: 'Bake', error: 'BlueGreen.NotReadyInTime', cause: 'no data' } as const;
  expect(say('go-back-asked', { failure })).toContain('it is not known whether new production is right');
});

it('what others have written makes no link and no heading', () => {
  const cause = 'see https://evil.example/x <https://evil.example|here>\n\nRun      arn:aws:evil';
  const text = composeAnnouncement(
    'bake-failed',
    announcementFacts({ failure: { state: 'Bake', error: 'x', cause } }),
  ).text;
  expect(text).not.toMatch(/https:\/\/evil|<https/);
  expect(text.split('\n').filter((line) => line.startsWith('Run '))).toEqual([`Run      ${executionArn}`]);
});

describe('the id of an event', () => {
  it('is that of every attempt to tell it, and of no other event', () => {
    const facts = announcementFacts();
    const idOf = (kind: LetterKind, more: Partial<AnnouncementFacts> = {}) =>
      composeAnnouncement(kind, { ...facts, ...more }).attributes.id;
    const later = new Date(saturday + hour).toISOString();
    // A redrive enters the state anew.
    expect(idOf('cut-done', { at: later })).toBe(idOf('cut-done'));
    const ids = [
      idOf('go-back-reminded'),
      idOf('go-back-reminded', { until: later }),
      idOf('go-back-last-call'),
      idOf('go-back-reminded', { executionArn: `${executionArn}2` }),
    ];
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('the link to an execution', () => {
  it.each<[partition: string, region: string, host: string | undefined]>([
    ['aws', 'eu-west-1', 'eu-west-1.console.aws.amazon.com'],
    ['aws-cn', 'cn-north-1', 'cn-north-1.console.amazonaws.cn'],
    ['aws-us-gov', 'us-gov-west-1', 'us-gov-west-1.console.amazonaws-us-gov.com'],
    ['aws-iso', 'us-iso-east-1', undefined],
  ])('of the partition %s', (partition, region, host) => {
    const arn = `arn:${partition}:states:${region}:111122223333:execution:m:run`;
    const { run } = linksTo(arn, 'https://wiki.example', 'BlueGreen.Busy');
    expect(run && new URL(run).host).toBe(host);
    expect(run?.endsWith(arn) ?? true).toBe(true);
  });
});
