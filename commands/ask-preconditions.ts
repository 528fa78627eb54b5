/** Says what stands in the way of an upgrade, and starts nothing: `npm run preflight`. */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { databaseCredentials } from '../functions/aws/database-credentials.ts';
import { readPreconditions } from '../functions/aws/facts/preconditions.ts';
import { placeOf } from '../functions/databases/ask.ts';
import { lookBefore } from '../functions/databases/look-before.ts';
import { signInOf } from '../functions/databases/question.ts';
import type { Finding } from '../functions/domain/model/deployment.ts';
import { wrapLine } from '../functions/domain/model/text.ts';
import type { PreconditionFacts } from '../functions/domain/preconditions/facts.ts';
import { judgePreconditions, sourceMissing } from '../functions/domain/preconditions/list.ts';
import { estimateRun } from '../functions/domain/request/estimate.ts';
import { describeProblems } from '../functions/domain/request/problems.ts';
import { type Request, requestSchema } from '../functions/domain/request/request.ts';
import { useLogSink } from '../functions/runtime/log.ts';
import type { Reply } from '../functions/sql/contract.ts';
import { handler } from '../functions/sql/postgres.ts';
import { configureSql } from '../functions/sql/settings.ts';
import { runCommand, UsageError } from './arguments.ts';

const usage = `Says what stands in the way of an upgrade: the findings of a dry run, without a
deployed stack. Changes nothing.

  npm run preflight -- --database NAME --to VERSION [options]

  --database NAME    name or ARN of an RDS instance or Aurora cluster
  --to VERSION       engine version of green
  --parameter-group NAME
                     parameter group of green; of Aurora the cluster parameter
                     group
  --request FILE     a whole request instead, as a run gets it
  --login USER|ARN   asks the databases, too: as this user by IAM, or with the
                     password in PGPASSWORD; or with the secret of this ARN
  --ca FILE          certificate bundle of RDS, for --login (or RDS_CA_FILE)
  --endpoint URL     of AWS (or AWS_ENDPOINT_URL), for example that of
                     npm run local
  --json             one JSON object: findings, estimates, and what each check
                     found
  --lines            a JSON object a finding, as a result of SARIF: ruleId,
                     level, message
  -h, --help         this text
  --version          the version of Viridian

Exit code: 0 when nothing refuses the run, 1 when something does, 2 when
something could not be looked at, or for a mistake on this command line.
`;

const say = (text: string) => process.stdout.write(`${text}\n`);
const progress = (text: string) => process.stderr.write(`${text}\n`);

const text = { type: 'string' } as const;
const flag = { type: 'boolean', default: false } as const;
const options = {
  ...{ database: text, to: text, request: text, login: text, ca: text, endpoint: text },
  ...{ 'parameter-group': text, json: flag, lines: flag },
};

function parseFlags(args: string[]) {
  try {
    return parseArgs({ args, options, strict: true }).values;
  } catch (error) {
    throw new UsageError((error as Error).message.split('\n')[0]);
  }
}
type Flags = ReturnType<typeof parseFlags>;

/** The request that a run would get. Its login may be any user here: nothing is changed. */
function readRequest(flags: Flags): Request {
  if (!flags.request && !(flags.database && flags.to))
    throw new UsageError('give --database and --to, or --request');
  const group = flags['parameter-group'];
  const isCluster = flags.database?.includes(':cluster:');
  const given = flags.request
    ? JSON.parse(readFileSync(flags.request, 'utf8'))
    : {
        database: flags.database,
        target: {
          engineVersion: flags.to,
          ...(group && { [isCluster ? 'clusterParameterGroup' : 'parameterGroup']: group }),
        },
      };
  const parsed = requestSchema.safeParse(given);
  if (!parsed.success) throw new UsageError(describeProblems(parsed.error.issues, given).join('\n'));
  const { login } = flags;
  if (!login) return parsed.data;
  const named = login.startsWith('arn:') ? { user: 'viridian', secret: login } : { user: login };
  return { ...parsed.data, wayBack: { ...parsed.data.wayBack, login: named } };
}

const isLocal = (host: string) => ['127.0.0.1', 'localhost'].includes(host);

/** The local endpoint takes any credentials. */
function useEndpoint(endpoint: string | undefined): void {
  if (!endpoint) return;
  if (!URL.canParse(endpoint)) throw new UsageError(`--endpoint ${endpoint}: give a URL`);
  process.env.AWS_ENDPOINT_URL = endpoint;
  if (!isLocal(new URL(endpoint).hostname)) return;
  process.env.AWS_ACCESS_KEY_ID ??= 'local';
  process.env.AWS_SECRET_ACCESS_KEY ??= 'local';
  process.env.AWS_REGION ??= process.env.AWS_DEFAULT_REGION ?? 'eu-west-1';
}

/** Sessions to this machine have no TLS, and its servers trust everybody. */
function useLogin({ blue, request }: Omit<PreconditionFacts, 'sql'>, ca: string | undefined): void {
  const host = blue.endpoint.split(':')[0] ?? '';
  if (ca) process.env.RDS_CA_FILE = ca;
  if (request.wayBack.login && !isLocal(host) && !process.env.RDS_CA_FILE)
    throw new UsageError('give --ca, the certificate bundle of RDS, to ask the databases');
  const { PGPASSWORD: password } = process.env;
  configureSql({
    credentials: async (place, login) =>
      password !== undefined || isLocal(host)
        ? { user: login.user, ...(password !== undefined && { password }) }
        : databaseCredentials(place, login),
    ...(isLocal(host) && { tls: 'off' }),
  });
}

/** No run asks, so the lock of a run is never our own. */
const noRun = 'arn:aws:states:::execution:none:none';

interface Looked {
  findings: Finding[];
  facts?: PreconditionFacts;
  estimate?: string[];
}

async function look(flags: Flags): Promise<Looked> {
  const request = readRequest(flags);
  useEndpoint(flags.endpoint ?? process.env.AWS_ENDPOINT_URL);
  useLogSink(() => {});
  progress(`reading ${request.database} and what stands beside it ...`);
  const records = {
    changeableRecords: process.env.WAY_BACK_RECORDS?.split(',') ?? [],
    readRampRecords: process.env.READ_RAMP_RECORDS?.split(',') ?? [],
  };
  let known: Omit<PreconditionFacts, 'sql'> | undefined;
  try {
    const read = await readPreconditions(request, noRun, Date.now(), records, 'all');
    // Hooks and topics are the stack's: only a run can ask for them.
    known = read && { ...read, hooks: [] };
  } catch (error) {
    return {
      findings: [sourceMissing(request.database, `${(error as Error).name}: ${(error as Error).message}`)],
    };
  }
  if (!known) return { findings: [sourceMissing(request.database)] };
  useLogin(known, flags.ca);
  if (request.wayBack.login) progress('asking the databases ...');
  const ask = (input: object) => handler({ ask: 'preconditions', ...input } as never) as never;
  const facts = { ...known, sql: await lookBefore(known, ask, flags.json ? 1_000 : undefined) };
  return { findings: judgePreconditions(facts), facts, estimate: await estimate(facts) };
}

/** What the run would take. Sizes are known where the databases answered. */
async function estimate(facts: PreconditionFacts): Promise<string[]> {
  const { request, database, blue, executionArn } = facts;
  const asked = 'value' in facts.sql && {
    ask: 'read-side',
    depth: 'tables',
    executionArn,
    ...signInOf(request, database),
    ...placeOf(blue, null),
  };
  const reply = asked && ((await handler(asked as never)) as Reply<'read-side'>);
  const size = reply && reply.kind === 'answer' ? reply.facts.size : null;
  return estimateRun(request, { ...facts, ...(size && { size }) });
}

const verbs = { blocker: 'REFUSES', unknown: 'UNKNOWN', warning: 'warns' } as const;
const levels = { blocker: 'error', unknown: 'error', warning: 'warning' } as const;

/** A rule a block: its name, what it does, and what was seen, what that means and how to mend it. */
function describeTable(findings: Finding[]): string {
  const width = Math.max(...findings.map(({ rule }) => rule.length));
  const rows = findings.flatMap(({ rule, severity, message }) =>
    wrapLine(message, 100).map((line, index) =>
      [(index === 0 ? verbs[severity] : '').padEnd(7), (index === 0 ? rule : '').padEnd(width), line].join(
        '  ',
      ),
    ),
  );
  const count = (wanted: Finding['severity']) =>
    findings.filter(({ severity }) => severity === wanted).length;
  return [
    ...rows,
    ...(rows.length > 0 ? [''] : []),
    `${count('blocker')} refuse, ${count('unknown')} could not be looked at, ${count('warning')} warn.`,
  ].join('\n');
}

/** A sentence or two, broken into lines. */
const indent = (text: string): string =>
  wrapLine(text, 100)
    .map((line, index) => `${index === 0 ? '- ' : '  '}${line}`)
    .join('\n');

const asResult = ({ rule, severity, message }: Finding, database: string) => ({
  ruleId: rule,
  level: levels[severity],
  message: { text: message },
  locations: [{ logicalLocations: [{ fullyQualifiedName: database, kind: 'database' }] }],
});

function report(flags: Flags, { findings, facts, estimate: estimated = [] }: Looked): void {
  const database = facts?.database.arn ?? flags.database ?? '';
  if (flags.lines) for (const finding of findings) say(JSON.stringify(asResult(finding, database)));
  else if (flags.json) {
    const planned = facts && {
      from: facts.blue.engineVersion,
      to: facts.targetVersion,
      replication: facts.replication,
    };
    say(
      JSON.stringify(
        { database, ...planned, findings, estimate: estimated, sql: facts?.sql ?? null },
        null,
        2,
      ),
    );
  } else {
    say(describeTable(findings));
    if (estimated.length > 0) say(`\nWhat the run would take:\n${estimated.map(indent).join('\n')}`);
  }
}

async function main(args: string[]): Promise<number> {
  const flags = parseFlags(args);
  const looked = await look(flags);
  report(flags, looked);
  const has = (wanted: Finding['severity']) => looked.findings.some(({ severity }) => severity === wanted);
  return has('blocker') ? 1 : has('unknown') ? 2 : 0;
}

await runCommand(usage, main, 2);
