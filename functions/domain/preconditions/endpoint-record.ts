import { hostOf, plainName, type RecordSeen, recordAddressOf } from '../way-back/address.ts';
import type { Precondition, PreconditionFacts, RuleFinding } from './facts.ts';
import { blocker, unknown, warning, whenRead } from './finding.ts';

/** While a record changes nobody can write for as long as its TTL. More than this many seconds nobody should have to bear. */
const longestTtl = 300;
/** What AWS advises for names that are to fail over; a longer TTL is worth a word. Seconds. */
const advisedTtl = 60;

/** A record by which production is to go back must lead to production now, and be one that can be led elsewhere. */
export const endpointRecord: Precondition = {
  id: 'endpoint-record',
  engines: 'all',
  looksAt:
    'The record of `wayBack.endpoint`: whether it leads to production, its TTL, and whether the stack may change it.',
  check: (facts) => {
    const address = recordAddressOf(facts.request);
    if (!address || !facts.endpointRecord) return [];
    const { hostedZoneId } = address;
    const name = plainName(address.recordName);
    const key = `${hostedZoneId}/${name}`;
    if (!facts.changeableRecords.includes(key))
      return [
        blocker(
          `this stack may not change ${name} in the hosted zone ${hostedZoneId}, so production could not go back by it. Deploy it with the parameter wayBackRecords, which must hold ${key}, or leave wayBack.endpoint out.`,
        ),
      ];
    return whenRead(facts.endpointRecord, `the record ${name} of the hosted zone ${hostedZoneId}`, (seen) =>
      judge(name, seen, facts),
    );
  },
};

function judge(name: string, seen: RecordSeen, { blue }: PreconditionFacts): RuleFinding[] {
  const host = hostOf(blue.endpoint);
  if (!host)
    return [
      unknown(
        `${blue.id} has no endpoint just now, so ${name} cannot be compared with it. Start again later.`,
      ),
    ];
  const wanted = `a CNAME to ${host} with a TTL of ${advisedTtl} s`;
  if (!seen)
    return [
      blocker(
        `there is no record ${name}. Create it as ${wanted}, and let every application connect by it; or leave wayBack.endpoint out.`,
      ),
    ];
  if (seen.kind === 'other')
    return [
      blocker(
        `${name} is ${seen.what}; only a simple CNAME can be led to blue. Replace it by ${wanted}, or leave wayBack.endpoint out.`,
      ),
    ];
  if (seen.target !== host)
    return [
      blocker(
        `${name} leads to ${seen.target}, not to RDS's own endpoint of production (${host}): going back by it would not move production. Let it lead there directly, or correct database or wayBack.endpoint.`,
      ),
    ];
  return judgeTtl(name, seen.ttlSeconds);
}

function judgeTtl(name: string, ttl: number): RuleFinding[] {
  const meaning = `nobody can write for that long when production goes back by it`;
  if (ttl > longestTtl)
    return [
      blocker(
        `${name} has a TTL of ${ttl} s, and ${meaning}. Set it to ${advisedTtl} s, at most ${longestTtl} s, wait until the old one has run out, then start again.`,
      ),
    ];
  return ttl > advisedTtl
    ? [warning(`${name} has a TTL of ${ttl} s, and ${meaning}. ${advisedTtl} s or less is usual.`)]
    : [];
}
