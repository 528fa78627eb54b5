import { comparePositions } from '../../../functions/domain/way-back/log-position.ts';
import type { MysqlFacts } from '../../../functions/domain/way-back/mysql/facts.ts';
import type { Place } from '../../../functions/sql/contract.ts';
import { mariadbFacts } from '../../domain/mysql-sample.ts';
import { nothingLeft } from '../../domain/sample.ts';
import { answersOfBoth } from './both.ts';
import { database, type Family, Refused } from './family.ts';
import type { FakeServers } from './servers.ts';

/** The stream into a server. Stopped, it keeps where it stands. */
interface Stream {
  source: string;
  runs: boolean;
}

/**
 * Nobody is held: the cut is found in the log. The service closes the target (on Aurora we do), accounts are locked on new production, and the stream brings
 * locks and unlocks to the target.
 */
export function answerAsMysql(servers: FakeServers): Family {
  const { behaviour, closed, plane } = servers;
  const at = (place: Place) => servers.at(place);
  const streams = new Map<string, Stream>();

  const log = () => `log.000001:${100 + servers.asked.length}`;
  const follow = (target: string, stream: Stream) => {
    streams.set(target, stream);
    servers.subscriptions.add(`subscription on ${target}`);
    if (stream.runs) setLocked(target, plane.isLocked(stream.source));
  };
  const forget = (target: string) => {
    streams.delete(target);
    servers.subscriptions.delete(`subscription on ${target}`);
  };
  const setLocked = (server: string, locked: boolean) => {
    plane.setLocked(server, locked);
    if (locked) closed.add(server);
    else closed.delete(server);
    for (const [target, { source, runs }] of streams)
      if (runs && source === server) setLocked(target, locked);
  };
  /** Answers whether the server takes writes then. Elsewhere than on Aurora that is the service's to decide. */
  const setTakesWrites = async (server: string, wanted: boolean) => {
    if (isAurora(server)) await plane.setWritable(server, wanted);
    return plane.takesWrites(server);
  };

  return {
    ...answersOfBoth(servers, log),
    facts: (place) => ({ ...factsOf(servers, at(place)), ...(behaviour.facts as Partial<MysqlFacts>) }),
    'analyze-step': () => ({ ...nothingToAnalyze }),
    distinguish: ({ green, blue }) => {
      if (at(green) === at(blue)) throw new Refused('other-server');
      return { by: 'server', green: servers.serverIdOf(at(green)), blue: servers.serverIdOf(at(blue)) };
    },
    'hold-writes': () => ({ held: [], writers: [], changes: { [database]: log() } }),
    'release-writes': ({ applicationRoles }) => ({ released: applicationRoles, stillHeld: [] }),
    'takes-writes': (place) => ({
      because: servers.isWritable(place) || behaviour.looksOpen ? null : 'the server is read-only',
      changes: { [database]: log() },
    }),
    secure: ({ before, changes }) => {
      const [from, until] = [before?.[database], changes[database]];
      if (from === undefined || until === undefined || comparePositions(from, until) >= 0)
        throw new Refused('not-secured');
      return {
        secured: [{ database, slot: 'log.000001', asked: from, start: from, origin: null, early: false }],
      };
    },
    attach: ({ production, target, secured }) => {
      if (plane.takesWrites(at(target))) throw new Refused('not-fenced');
      const there = streams.get(at(target));
      if (there && there.source !== at(production)) throw new Refused('foreign');
      if (!there && secured?.[0]?.start === undefined) throw new Refused('not-secured');
      follow(at(target), { source: at(production), runs: true });
      return { attached: [database] };
    },
    fence: async ({ side, ...place }) => {
      if (side !== 'target') setLocked(at(place), true);
      else if (await setTakesWrites(at(place), false)) throw new Refused('not-fenced');
      return { positions: { [database]: log() } };
    },
    drained: ({ target, ...place }) => {
      const stream = target && streams.get(at(target));
      const drained = behaviour.drains && stream?.runs === true;
      if (drained && !servers.isWritable(place)) servers.proveWhole();
      return { databases: [{ database, position: log(), confirmed: log(), drained }] };
    },
    detach: (place) => {
      const stream = streams.get(at(place));
      if (stream) stream.runs = false;
      return { detached: [database] };
    },
    'set-sequences': ({ production }) => {
      if (servers.isWritable(production)) throw new Refused('not-fenced');
      return { set: 1, differing: [] };
    },
    open: async ({ open, closed: other }) => {
      if (servers.isWritable(other)) throw new Refused('not-fenced');
      if (!(await setTakesWrites(at(open), true))) throw new Refused('read-only');
      const stream = streams.get(at(open));
      if (stream?.runs) throw new Refused('attached');
      if (stream?.source === at(other)) servers.noteLoss(at(open), at(other));
      forget(at(open));
      setLocked(at(open), false);
      return { writable: [database] };
    },
    'probe-write': (place) => ({ writable: { [database]: servers.isWritable(place) }, held: [] }),
    close: (place) => {
      forget(at(place));
      return { left: nothingLeft };
    },
    leftovers: (place) => ({
      ...nothingLeft,
      subscriptions: streams.has(at(place)) ? [database] : [],
      closed: closed.has(at(place)) ? [database] : [],
    }),
  };
}

const isAurora = (resourceId: string): boolean => resourceId.startsWith('cluster-');

const nothingToAnalyze = {
  tables: 3,
  analyzed: 3,
  left: 0,
  slow: [],
  givenUp: [],
  notAllowed: [],
  missing: [],
};

/** A server on which everything is as the setup leaves it. */
function factsOf({ plane, serverIdOf }: FakeServers, server: string): MysqlFacts {
  const version = plane.versionOf(server);
  return {
    ...mariadbFacts,
    flavour: /^1\d\./.test(version) ? 'mariadb' : 'mysql',
    version,
    serverId: serverIdOf(server),
    readOnly: !plane.takesWrites(server),
    setsReadOnly: isAurora(server),
  };
}
