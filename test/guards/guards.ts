/** A place that keeps the run from harm, what stands there instead when it is taken out, and the test that fails then. */
export interface Guard {
  /** What it keeps from happening. */
  against: string;
  file: string;
  /** As it stands in the file. Where it stands twice, both are taken out. */
  guard: string;
  without: string;
  /** File and the beginning of the title. Of a table: the title of a row. */
  test: [file: string, title: string];
}

const before = 'test/handlers/before-the-cut.test.ts';
const after = 'test/handlers/after-the-cut.test.ts';
const readers = 'test/simulation/readers.test.ts';
const finalCheck = 'functions/handlers/hold/final-check.ts';
const startSwitchover = 'functions/handlers/cut/start-switchover.ts';
const removeGreen = 'functions/handlers/build/remove-green.ts';
const deleteOldBlue = 'functions/handlers/close/delete-old-blue.ts';
const takeFinalSnapshot = 'functions/handlers/close/take-final-snapshot.ts';
const releaseRecord = 'functions/handlers/close/release-the-deployment-record.ts';

/** The guards of the functions that cut and delete. Those of the rules are taken out by `npm run mutants`. */
const guardsOfFunctions: Guard[] = [
  {
    against: 'a failover of what is switched over',
    file: 'functions/handlers/build/fail-over-green.ts',
    guard: 'await refuseUnlessBeforeTheCut(event);',
    without: '',
    test: ['test/handlers/fail-over-green.test.ts', 'nothing is failed over where the deployment'],
  },
  {
    against: 'a second failover by a second attempt',
    file: 'functions/handlers/build/fail-over-green.ts',
    guard: "if (step.kind === 'already') return begun;",
    without: '',
    test: ['test/handlers/fail-over-green.test.ts', 'is not failed over once more'],
  },
  {
    against: 'a cut outside its window',
    file: finalCheck,
    guard: 'pass(judgeWindow(window, request.switchover.timeoutSeconds, clock.now()), NotReadyInTime);',
    without: '',
    test: [before, 'refuses a window that closes soon'],
  },
  {
    against: 'too many cuts at once',
    file: finalCheck,
    guard: 'takeTurn(await readSomeRecords());',
    without: '',
    test: [before, 'beside 8 switchovers of others'],
  },
  {
    against: 'a cut of something else than what was approved',
    file: finalCheck,
    guard: 'await refuseChangedPlan(event, deployment);',
    without: '',
    test: [before, 'refuses another plan'],
  },
  {
    against: 'a cut while an alarm fires',
    file: finalCheck,
    guard: 'pass(alarms, TestFailed);',
    without: '',
    test: [before, 'refuses an alarm that fires'],
  },
  {
    against: 'a cut that nobody has approved',
    file: finalCheck,
    guard:
      'pass(await verifyApprovals({ ...event, deployment, now: clock.now(), verifySeal }), ApprovalDenied);',
    without: '',
    test: [before, 'refuses no approval'],
  },
  {
    against: 'a cut of a green that is behind',
    file: finalCheck,
    guard: 'lag: pass(lag, UnexpectedState)',
    without: 'lag: (lag as never)',
    test: [before, 'refuses lag over the limit'],
  },
  {
    against: 'a cut between two flaps',
    file: finalCheck,
    guard: 'const sides = await readReadySides(event, clock.now());',
    without: 'const sides = earlier;',
    test: [before, 'a deployment that flaps between two readings'],
  },
  {
    against: 'a switchover of a deployment that is not ready',
    file: startSwitchover,
    guard: "if (phase !== 'ready')",
    without: 'if (false)',
    test: [before, 'SWITCHOVER_FAILED is not switched over'],
  },
  {
    against: "a switchover of somebody else's deployment",
    file: startSwitchover,
    guard: 'await readOurRecord(deployment, executionArn)',
    without: "await (await import('../../aws/rds/deployment.ts')).readRecord(deployment.id ?? '')",
    test: [before, 'a deployment of another run is not switched over'],
  },
  {
    against: 'a switchover on a reading that is old',
    file: startSwitchover,
    guard: 'if (clock.now() - readAt > freshFor)',
    without: 'if (false)',
    test: [before, 'a function that was frozen after its reading'],
  },
  {
    against: 'the removal of green while it serves, or may',
    file: removeGreen,
    guard: 'await refuseUnlessBlueServes(deployment, record, left);',
    without: '',
    test: [before, 'refuses when production leads to green'],
  },
  {
    against: 'the removal of a green that somebody has made theirs',
    file: removeGreen,
    guard: 'refuseIfTaken(deployment, look?.green, left);',
    without: '',
    test: [before, 'keeps a green when somebody has protected it'],
  },
  {
    against: 'readers at a green that is removed',
    file: removeGreen,
    guard: 'await refuseUnderReaders(event, look?.green ?? deployment.green);',
    without: '',
    test: [readers, 'keep a green that somebody leads them to right before its removal'],
  },
  {
    against: 'readers at a green whose name goes with the cut',
    file: finalCheck,
    guard: 'await refuseReadsOnGreen(event);',
    without: '',
    test: [readers, 'keep the cut away when somebody leads them to green before it'],
  },
  {
    against: 'the removal of the green of another run',
    file: removeGreen,
    guard: 'if (!record || record.tags[executionTag] !== executionArn) return deployment;',
    without: 'if (!record) return deployment;',
    test: [before, 'leaves the deployment of another run alone'],
  },
  {
    against: 'the deletion of old blue without its final snapshot',
    file: deleteOldBlue,
    guard: "if (seen.kind !== 'usable')",
    without: 'if (false)',
    test: [after, 'refuses when there is no snapshot'],
  },
  {
    against: 'the deletion of what serves production',
    file: deleteOldBlue,
    guard: 'if (obstacle) throw',
    without: 'if (false) throw',
    test: [after, 'refuses when production leads to a stranger'],
  },
  {
    against: 'the deletion of an old blue that has clients',
    file: deleteOldBlue,
    guard: 'await refuseIfInUse(deployment, toDelete, Date.parse(snapshot.quietSince), clock.now());',
    without: '',
    test: [after, 'refuses when it has clients'],
  },
  {
    against: "another database's snapshot as the final one",
    file: takeFinalSnapshot,
    guard: "if (verdict.kind === 'wrong')",
    without: 'if (false)',
    test: [after, 'is no snapshot when it is of another database'],
  },
  {
    against: 'a final snapshot of an old blue that is in use',
    file: takeFinalSnapshot,
    guard: 'if (main) await refuseIfInUse(deployment, oldBlue, Date.parse(since), clock.now());',
    without: '',
    test: [after, 'is not taken while old blue has clients'],
  },
  {
    against: 'the release of the record while blue serves',
    file: releaseRecord,
    guard: 'if (!newProduction || production !== green?.resourceId)',
    without: 'if (!newProduction)',
    test: [after, 'keeps the record when production leads to blue'],
  },
  {
    against: 'the release of the record before its switchover is over',
    file: releaseRecord,
    guard: "if (phase !== 'switched' ||",
    without: 'if (',
    test: [after, 'keeps the record when the switchover is not over'],
  },
  {
    against: 'the release of the record while a member has stayed behind',
    file: releaseRecord,
    guard: "|| pairs.some((pair) => pairPhase(pair.status) !== 'switched'))",
    without: ')',
    test: [after, 'keeps the record when a member has stayed behind'],
  },
];

const pg = 'functions/sql/postgres';
const my = 'functions/sql/mysql';
const walls = 'test/sql/walls.test.ts';
const goingBack = 'test/sql/going-back.test.ts';
const securing = 'test/sql/secure.test.ts';
const stream = 'test/sql/stream.test.ts';
const mysqlGuards = 'test/sql/mysql/guards.test.ts';

/** The guards of SQL: what proves a server, a fence, a beginning and an end, on real servers. */
const guardsOfSql: Guard[] = [
  {
    against: 'a question that another server answers',
    file: `${pg}/identity.ts`,
    guard: 'if (!is || (shown && isMeant(is, shown))) return;',
    without: 'return;',
    test: ['test/sql/other-server.test.ts', 'no question is answered there, and nothing is done'],
  },
  {
    against: 'one server that two names lead to',
    file: `${pg}/distinguish.ts`,
    guard: 'if (found.startedAt === source.startedAt)',
    without: 'if (false)',
    test: [
      'test/sql/other-server.test.ts',
      'two names that lead to one server tell nothing apart, and it is not marked',
    ],
  },
  {
    against: 'a setting or a stream that is stronger than the fence',
    file: `${pg}/fence.ts`,
    guard: 'await eachHeldDatabase(input, databases, refuseWhatOutlastsFence);',
    without: '',
    test: [goingBack, 'refuses a role whose own setting is stronger than the fence'],
  },
  {
    against: 'a prepared transaction that outlives the fence',
    file: `${pg}/fence.ts`,
    guard: 'return writers.filter((writer) => writer.prepared !== undefined).map(describeWriter);',
    without: 'return [];',
    test: [goingBack, 'refuses a prepared transaction before anything is closed'],
  },
  {
    against: 'two sides that take writes',
    file: `${pg}/fence.ts`,
    guard: 'await requireClosed(session, closed, database);',
    without: '',
    test: [goingBack, 'never opens a second side'],
  },
  {
    against: 'a session behind the fence that no wall keeps out',
    file: `${pg}/fence.ts`,
    guard: 'await refuseSessions(session, [database]);',
    without: '',
    test: [walls, 'refuses to open old blue while a session is there that no wall keeps out'],
  },
  {
    against: 'rows that were written behind the fence',
    file: `${pg}/fence.ts`,
    guard: 'await eachHeldDatabase(closed, databases, requireUndisturbed);',
    without: '',
    test: [walls, 'refuses by the counts of changed rows alone, where the log cannot tell'],
  },
  {
    against: 'an end of the stream that has not arrived',
    file: `${pg}/drained.ts`,
    guard: 'coalesce(confirmed_flush_lsn >= $2::pg_lsn, false) AS drained',
    without: '($2::pg_lsn IS NOT NULL) AS drained',
    test: [goingBack, 'is not drained while the target does not follow, and is when it does'],
  },
  {
    against: 'a way back that begins after a write of the application',
    file: `${pg}/secure.ts`,
    guard: 'await requireUnchanged(session, database, input.changes);',
    without: '',
    test: [securing, 'refuses when an application has written while writes were held, also later on'],
  },
  {
    against: 'a way back that begins while a role is not held',
    file: `${pg}/secure.ts`,
    guard: 'if (open.length > 0)',
    without: 'if (false)',
    test: [securing, 'refuses a role that is not held, when it is there and when the gate was lifted'],
  },
  {
    against: 'a publication that makes UPDATE and DELETE fail',
    file: `${pg}/secure.ts`,
    guard: 'await requireReplicable(session);',
    without: '',
    test: [securing, 'refuses a table without identity, and takes one whose whole row identifies it'],
  },
  {
    against: 'a stream into a target that takes writes',
    file: `${pg}/attach.ts`,
    guard: 'await requireClosed(session, target, database);',
    without: '',
    test: [stream, 'is attached to a secured database of the same run only, and to a fenced target'],
  },
  {
    against: "code of a table's owner that runs with the rights of the stream",
    file: `${pg}/attach.ts`,
    guard: 'await refuseOwnersCode(session);',
    without: '',
    test: [
      'test/sql/owner-code.test.ts',
      'a target of PostgreSQL 15 does not receive a stream that would run code of others',
    ],
  },
  {
    against: 'a write of the probe on another server of the MySQL family',
    file: `${my}/session.ts`,
    guard: 'requireMeant(Number(row?.serverId), server);',
    without: '',
    test: [
      mysqlGuards,
      'has nothing probed in its place, where a name leads to green from one session to the next',
    ],
  },
  {
    against: 'MySQL: a stream into a target that takes writes',
    file: `${my}/attach.ts`,
    guard: 'if (!(await isReadOnly(session)))',
    without: 'if (false)',
    test: [mysqlGuards, 'is not attached while it takes writes'],
  },
  {
    against: 'MySQL: an applier that passes over rows',
    file: `${my}/attach.ts`,
    guard: 'await refuseSilentLoss(session);',
    without: '',
    test: [mysqlGuards, 'is not attached while it passes over rows that are missing'],
  },
  {
    against: 'MySQL: rows that come twice from an early beginning',
    file: `${my}/attach.ts`,
    guard: 'await refuseEarly(session, secured);',
    without: '',
    test: [
      mysqlGuards,
      'is not attached from an uncertain beginning where it is a clone, which doubles rows without key and tells nobody',
    ],
  },
  {
    against: 'MySQL: a prepared transaction that outlives the fence',
    file: `${my}/fence.ts`,
    guard: 'await requireNothingPrepared(session);',
    without: '',
    test: [mysqlGuards, 'is not fenced while a transaction is prepared, and stays open for who is to end it'],
  },
  {
    against: 'MySQL: an event that writes behind the fence',
    file: `${my}/fence.ts`,
    guard: 'if (events.length > 0) throw',
    without: 'if (false) throw',
    test: [mysqlGuards, 'is not fenced while the server itself runs events'],
  },
  {
    against: 'MySQL: rows that were written behind the fence',
    file: `${my}/fence.ts`,
    guard: 'await requireUndisturbed(session, position);',
    without: '',
    test: [mysqlGuards, 'does not count what the service writes behind the fence, and counts everybody else'],
  },
];

const onCopy = 'test/on-copy/rehearsal.test.ts';

/** The guards of rehearsals on a copy. */
const guardsOfCopies: Guard[] = [
  {
    against: 'a cut without an approval of what only says to be a copy',
    file: finalCheck,
    guard: 'pass(await judgeCopy({ ...event, blue: sides.blue, verifySeal: verifyCopy }), ApprovalDenied);',
    without: '',
    test: [onCopy, 'is not either where the precondition is out: the final check asks again'],
  },
  {
    against: 'the removal of a database that only carries the tag of a copy',
    file: 'functions/domain/on-copy/left.ts',
    guard: 'if (!name.startsWith(copyPrefix))',
    without: 'if (name === null)',
    test: [onCopy, 'that carries the tag of a rehearsal is left alone by it, as a neighbour is'],
  },
  {
    against: 'the removal of a copy that somebody has protected',
    file: 'functions/domain/on-copy/left.ts',
    guard: 'if (protection && cluster === null && !isMadeProtected(copy))',
    without: 'if (name === null)',
    test: [onCopy, 'that somebody has protected is kept and named: $name'],
  },
  {
    against: 'the removal of a copy that somebody uses',
    file: 'functions/domain/on-copy/left.ts',
    guard: 'return stranger && `',
    without: 'return undefined && `',
    test: [onCopy, 'that somebody has given a replica is kept and named'],
  },
  {
    against: 'a clean-up that takes the copy from an open rehearsal',
    file: 'functions/handlers/on-copy/remove-the-copy.ts',
    guard: 'earlier && earlier.endedAt === undefined && asked !== executionArn',
    without: 'earlier === null',
    test: [onCopy, 'of a rehearsal that is open waits for its end, and takes nothing from it'],
  },
];

/** Every guard, in the order in which they are taken out. */
export const guards: readonly Guard[] = [...guardsOfFunctions, ...guardsOfSql, ...guardsOfCopies];

/** The table of docs/guards.md. */
export function describeGuards(): string {
  const rows = guards.map(
    ({ against, file, test: [testFile, title] }) =>
      `- ${against}\n  - guard: \`${file}\`\n  - fails without it: \`${testFile}\`, "${title}"`,
  );
  return `# Guards

What keeps the functions that cut and delete from harm, and the SQL that fences, follows and opens; and the test that fails when it is taken out.
\`npm run guards\` takes each of them out of a copy of the sources, plays its test, and names those whose removal no test sees; it takes some minutes.
\`npm run guards -- handlers\` takes those alone whose file has this in its path.
The list is [test/guards/guards.ts](../test/guards/guards.ts); a test holds that each place and each test are there.
The rules of \`functions/domain/\` are changed by \`npm run mutants\`, and the statements of the roles are taken away by \`test/simulation/statements.test.ts\`.

## What is guarded against

${rows.join('\n')}
`;
}
