import type { Measured, StatementResult } from '../../../functions/domain/load-test/progress.ts';
import { loadBucket, loadFile } from '../../../rehearsal/account/place.ts';
import type { Kind } from '../databases.ts';
import { crashes, databasesAnswer, type Trouble, when } from '../faults.ts';
import { ends, errors, type Scenario, stoppedBy } from './scenario.ts';

/** MariaDB keeps no statements of its own: a precondition says so, and has its row. */
const only = ({ goesBack, name }: Kind) => goesBack === true && name !== 'RDS for MariaDB';
const load = { secret: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:viridian-reader' };
const file = { ...load, statements: `s3://${loadFile}`, database: 'shop' };

const asking = (more: object) => ({ wayBack: { login: {}, enabled: false }, tests: { load: more } });
const stops = (more: object) => ({ ...more, onWorse: 'stop' });

/** The file of the user, in S3. */
const holds =
  (text: string, owner?: string): Trouble =>
  ({ account }) => {
    const { s3 } = account.evidence;
    if (owner !== undefined) s3.createBucket(loadBucket, owner);
    s3.put(loadBucket, 'load.sql', text);
  };

const ran = (ms: number): Measured => ({ kind: 'ran', ms, runs: 5 });
const comesOut =
  (blue: Measured, green: Measured): Trouble =>
  ({ databases }) => {
    const result: StatementResult = {
      ...{
        number: 1,
        digest: '0123456789abcdef',
        text: 'SELECT * FROM orders WHERE customer = ?',
        blue,
        green,
      },
      plans: { blue: 'Index Scan orders by by_customer', green: 'Seq Scan orders' },
    };
    databases.behaviour.load = [result];
  };
/** Steps of twenty seconds, of which three or four fit into a look. */
const takes =
  (loadSteps: number): Trouble =>
  ({ databases, clock }) => {
    databases.slow.set('load-step', () => clock.sleep(20_000));
    databases.behaviour.loadSteps = loadSteps;
  };
const failed: Measured = { kind: 'failed', error: 'a table is missing (42P01)', passing: false };
const down = { kind: 'failed', code: 'ECONNREFUSED', because: 'nothing listens there' } as const;

/** A load test of both sides: what it finds, and whatever goes wrong with it. */
export const loadTests: Scenario[] = [
  { what: 'statements of the server take as long on both sides', ask: asking(load), end: ends.green },
  {
    what: 'statements of a file take as long on both sides',
    ask: asking(stops(file)),
    troubles: [holds('SELECT 1')],
    end: ends.green,
  },
  {
    what: 'a statement is worse on green, and people are told',
    ask: asking(load),
    troubles: [comesOut(ran(10), ran(90))],
    end: ends.green,
  },
  {
    what: 'a statement is worse on green, and stops the run',
    ask: asking(stops(load)),
    troubles: [comesOut(ran(10), ran(90))],
    ...stoppedBy(errors.test),
  },
  {
    what: 'a statement cannot be run on green',
    ask: asking(load),
    troubles: [comesOut(ran(10), failed)],
    ...stoppedBy(errors.test),
  },
  {
    what: 'green does not answer who wants to load it, and people are told',
    ask: asking(load),
    troubles: [when('Run the load test', databasesAnswer('load-step', down))],
    end: ends.green,
  },
  {
    what: 'green does not answer who wants to load it, and that stops the run',
    ask: asking(stops(load)),
    troubles: [when('Run the load test', databasesAnswer('load-step', down))],
    ...stoppedBy(errors.test),
  },
  {
    what: 'the load test takes several looks',
    ask: asking(stops(load)),
    troubles: [takes(7)],
    end: ends.green,
  },
  {
    what: 'the load test does not end, and people are told',
    ask: asking(load),
    troubles: [takes(Number.POSITIVE_INFINITY)],
    end: ends.green,
  },
  {
    what: 'the load test does not end, and that stops the run',
    ask: asking(stops(load)),
    troubles: [takes(Number.POSITIVE_INFINITY)],
    ...stoppedBy(errors.late),
  },
  {
    what: 'the load test crashes every time',
    ask: asking(load),
    troubles: [when('Run the load test', crashes('refreshTheStatisticsOfGreen'))],
    end: ends.green,
  },
  {
    what: 'the file of statements is changed while green is built',
    ask: asking(stops(file)),
    troubles: [holds('SELECT 1'), when('Wait for green', holds('DROP TABLE orders'))],
    ...stoppedBy(errors.test),
  },
].map((scenario) => ({ only, passes: ['Run the load test'], ...scenario }));

const refused = { end: ends.refused, error: errors.precondition };
/** What a run is refused for before anything is built. */
export const loadTestsRefused: Scenario[] = [
  { what: 'a load test of a file that is not there', ask: asking(file), ...refused },
  {
    what: 'a load test of a file that the stack may not read',
    ask: asking({ ...file, statements: 's3://other-bucket/load.sql' }),
    ...refused,
  },
  {
    what: 'a load test of a file of another account',
    ask: asking(file),
    troubles: [holds('SELECT 1', '444455556666')],
    ...refused,
  },
  {
    what: 'a load test of a file that is too long',
    ask: asking(file),
    troubles: [holds(`SELECT 1 -- ${'x'.repeat(70_000)}`)],
    ...refused,
  },
  {
    what: 'a load test of a file that writes',
    ask: asking(file),
    troubles: [holds('UPDATE orders SET n = 1')],
    ...refused,
  },
  {
    what: 'a load test of a server that keeps no statements',
    ask: asking(load),
    troubles: [
      databasesAnswer('load-step', {
        kind: 'refused',
        code: 'no-statements',
        because: 'there is no extension',
      }),
    ],
    ...refused,
  },
  {
    what: 'a load test whose reader may not sign in',
    ask: asking(load),
    troubles: [
      databasesAnswer('load-step', { kind: 'failed', code: '28P01', because: 'the sign-in was refused' }),
    ],
    ...refused,
  },
].map((scenario) => ({ only, ...scenario }));
