import { type Done, type HookEvent, hook, type Stages } from './hook.ts';
import { numberSetting } from './settings.ts';
import { fetchStatements, type Run, type Statement, withSide } from './sql.ts';

/** What the planner thinks of a statement: an estimate in its own unit, and the steps that it takes. */
export interface Plan {
  cost: number;
  /** For example `Seq Scan orders`, sorted. */
  steps: string[];
}

interface Node {
  'Node Type': string;
  'Relation Name'?: string;
  'Total Cost': number;
  Plans?: Node[];
}

/** Plans of every statement of one side. Nothing is executed. */
async function readPlans(run: Run, statements: Statement[]): Promise<Plan[]> {
  const plans: Plan[] = [];
  for (const { text } of statements) {
    const [row] = await run(`EXPLAIN (FORMAT JSON) ${text}`);
    const [{ Plan: top }] = (row as { 'QUERY PLAN': [{ Plan: Node }] })['QUERY PLAN'];
    plans.push({ cost: top['Total Cost'], steps: stepsOf(top).sort() });
  }
  return plans;
}

const stepsOf = (node: Node): string[] => [
  [node['Node Type'], node['Relation Name']].filter(Boolean).join(' '),
  ...(node.Plans ?? []).flatMap(stepsOf),
];

/** @returns why a plan of green is worse; undefined where it is not: another plan at the same cost is none of the worse ones */
export function judge(blue: Plan, green: Plan, ratio: number): string | undefined {
  const newScans = green.steps.filter((step) => step.startsWith('Seq Scan') && !blue.steps.includes(step));
  const times = green.cost / Math.max(blue.cost, 1);
  if (times <= ratio) return undefined;
  const scans = newScans.length > 0 ? `, with ${newScans.join(' and ')} that blue does not have` : '';
  return `costs ${times.toFixed(1)} times as much${scans}`;
}

/**
 * Compares the plans of the file's statements on both sides. After a new major version green has no statistics until they are gathered
 * (PostgreSQL before 18), and a plan without them says nothing: ANALYZE comes first, and leaves out tables of other owners.
 */
async function compare(event: HookEvent): Promise<Done> {
  const statements = await fetchStatements();
  const blue = await withSide(event, event.deployment.blue.endpoint, (run) => readPlans(run, statements));
  const green = await withSide(event, event.endpoint, async (run) => {
    await run('SET statement_timeout = 0');
    await run('ANALYZE');
    await run('RESET statement_timeout');
    return readPlans(run, statements);
  });
  const ratio = numberSetting('MAX_COST_RATIO', 3);
  const worse = statements.flatMap(({ name }, place) => {
    const because = judge(blue[place] as Plan, green[place] as Plan, ratio);
    return because ? [`${name} ${because}`] : [];
  });
  if (worse.length > 0) throw new Error(worse.join('; '));
  return { because: `${statements.length} plans cost at most ${ratio} times as much on green`, facts: {} };
}

export const stages: Stages = { testGreen: compare };

export const handler = hook(stages);
