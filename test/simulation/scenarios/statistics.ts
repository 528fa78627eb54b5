import type { Kind } from '../databases.ts';
import { crashes, databasesAnswer, type Trouble } from '../faults.ts';
import { ends, type Scenario } from './scenario.ts';

const only = ({ goesBack }: Kind) => goesBack === true;
const ask = { wayBack: { login: {}, enabled: false } };

const tableLocked: Trouble = ({ databases }) => Object.assign(databases.behaviour, { tableLocked: true });

/** Statistics of green: whatever goes wrong with them is told, and stops nothing. */
export const statistics: Scenario[] = [
  { what: 'every table of green gets statistics', end: ends.green },
  { what: 'nobody may sign in to refresh statistics', ask: {}, end: ends.green },
  { what: 'a table of green stays locked for longer than an hour', troubles: [tableLocked], end: ends.green },
  {
    what: 'green does not answer who wants to refresh its statistics',
    troubles: [
      databasesAnswer('analyze-step', { kind: 'failed', code: '57P03', because: 'green is starting' }),
    ],
    end: ends.green,
  },
  {
    what: 'the statistics of green crash every time',
    troubles: [crashes('refreshTheStatisticsOfGreen')],
    end: ends.green,
  },
].map((scenario) => ({ ask, only, passes: ['Refresh the statistics of green'], ...scenario }));
