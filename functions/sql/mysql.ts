import { analyzeStep } from './mysql/analyze.ts';
import { attach } from './mysql/attach.ts';
import { close, detach, leftovers } from './mysql/close.ts';
import { compare } from './mysql/compare.ts';
import { compareSchema } from './mysql/compare-schema.ts';
import { compareCounters } from './mysql/counters.ts';
import { drained } from './mysql/drained.ts';
import { endedReplication } from './mysql/ended-replication.ts';
import { facts } from './mysql/facts.ts';
import { describeFailure } from './mysql/failure.ts';
import { fence, foreignWriters, open, probeWrite } from './mysql/fence.ts';
import { distinguish } from './mysql/identity.ts';
import { loadStep } from './mysql/load-test.ts';
import { endTransactions, longTransactions } from './mysql/long-transactions.ts';
import { preconditions } from './mysql/preconditions.ts';
import { readSide } from './mysql/read-side.ts';
import { holdWrites, releaseWrites, secure } from './mysql/secure.ts';
import { takesWrites } from './mysql/takes-writes.ts';
import { readStreams, watch } from './mysql/watch.ts';
import { type EngineFamily, serve } from './serve.ts';

/** RDS for MySQL, RDS for MariaDB and Aurora MySQL. */
const mysql: EngineFamily = {
  operations: {
    preconditions,
    facts,
    'analyze-step': analyzeStep,
    'load-step': loadStep,
    distinguish,
    'hold-writes': holdWrites,
    'release-writes': releaseWrites,
    'takes-writes': takesWrites,
    'compare-schema': compareSchema,
    'read-side': readSide,
    'long-transactions': longTransactions,
    'end-transactions': endTransactions,
    'ended-replication': endedReplication,
    secure,
    attach,
    watch,
    'read-streams': readStreams,
    fence,
    drained,
    'foreign-writers': foreignWriters,
    compare,
    detach,
    'set-sequences': compareCounters,
    open,
    'probe-write': probeWrite,
    close,
    leftovers,
  },
  describeFailure,
};

export const handler = serve(mysql);
