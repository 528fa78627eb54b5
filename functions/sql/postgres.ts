import { analyzeStep } from './postgres/analyze.ts';
import { attach } from './postgres/attach.ts';
import { close, detach, leftovers } from './postgres/close.ts';
import { compare } from './postgres/compare.ts';
import { compareSchema } from './postgres/compare-schema.ts';
import { distinguish } from './postgres/distinguish.ts';
import { drained } from './postgres/drained.ts';
import { endedReplication } from './postgres/ended-replication.ts';
import { facts } from './postgres/facts.ts';
import { describeFailure } from './postgres/failure.ts';
import { fence, foreignWriters, open, probeWrite } from './postgres/fence.ts';
import { holdWrites, releaseWrites } from './postgres/hold-writes.ts';
import { loadStep } from './postgres/load-test.ts';
import { endTransactions, longTransactions } from './postgres/long-transactions.ts';
import { preconditions } from './postgres/preconditions.ts';
import { readSide } from './postgres/read-side.ts';
import { secure } from './postgres/secure.ts';
import { setSequences } from './postgres/sequences.ts';
import { takesWrites } from './postgres/takes-writes.ts';
import { readStreams, watch } from './postgres/watch.ts';
import { type EngineFamily, serve } from './serve.ts';

/** RDS for PostgreSQL and Aurora PostgreSQL. */
const postgres: EngineFamily = {
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
    'set-sequences': setSequences,
    open,
    'probe-write': probeWrite,
    close,
    leftovers,
  },
  describeFailure,
};

export const handler = serve(postgres);
