import type { Report } from './report.ts';
import { describeWriteErrors } from './write-errors.ts';

/** The report in a few lines for a terminal. */
export function summarize(report: Report): string[] {
  const { cut, rows, versions, history, invariants } = report;
  const broken = invariants.filter(({ holds }) => !holds);
  const unequal = report.tables.filter(({ equal }) => !equal);
  const count = (n: number) => n.toLocaleString('en');
  const wholeRun = `${cut.longestGapOfRunMs.toFixed(0)} ms in the whole run`;
  const wasCut = report.states.some(({ name }) => name === 'Start switchover');
  return [
    report.endState,
    `  version            ${versions.before} -> ${versions.after}`,
    `  longest write gap  ${wasCut ? `${cut.longestWriteGapMs.toFixed(0)} ms around the cut, ` : ''}${wholeRun}`,
    `  rows               ${count(rows.acknowledged)} acknowledged, ${rows.lost} lost, ${rows.doubled} doubled`,
    `  writers saw        ${describeWriteErrors(cut.writeErrors)}; ${cut.unknownOutcome} committed although the answer was lost`,
    `  tables             ${report.tables.length === 0 ? 'no cut, nothing to compare' : `${report.tables.length - unequal.length} of ${report.tables.length} equal at the cut`}`,
    `  invariants         ${invariants.length - broken.length} of ${invariants.length} hold`,
    ...broken.map(({ id, detail }) => `    ${id} BROKEN: ${detail}`),
    `  history            ${history.events} events, ${history.transitions} transitions`,
    ...(report.error ? [`  error              ${report.error}`] : []),
    ...(report.cause ? [`  because            ${report.cause}`] : []),
    report.asExpected ? 'As expected.' : 'NOT as expected.',
  ];
}
