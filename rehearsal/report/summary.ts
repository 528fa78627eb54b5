import { describeCompared } from '../../functions/domain/bake/report.ts';
import type { StateName } from '../../functions/domain/model/states.ts';
import { describeAttempts } from './attempts.ts';
import type { Report } from './types.ts';
import { describeWriteErrors } from './write-errors.ts';

const count = (n: number) => n.toLocaleString('en');

function periodLine({ name, acknowledged, lost, doubled }: Report['periods'][number]): string {
  const verdict = lost + doubled === 0 ? 'each found once' : `${lost} LOST, ${doubled} DOUBLED`;
  return `                     ${count(acknowledged)} ${name}: ${verdict}`;
}

/** Which kinds of clients wrote; a line of its own for each that has lost something. */
function clientLines(clients: Report['clients']): string[] {
  const atOld = clients.reduce((sum, { atOldAddress }) => sum + atOldAddress, 0);
  const bad = clients.filter(({ lost, doubled }) => lost + doubled > 0);
  return [
    `  clients            ${clients.map(({ kind }) => kind).join(', ')}; ${count(atOld)} attempts at an old address`,
    ...bad.map(({ kind, lost, doubled }) => `                     ${kind}: ${lost} LOST, ${doubled} DOUBLED`),
  ];
}

/** Why a bake failed or is undecided stands in the cause of the run. */
function bakeLines(bake: Report['bake']): string[] {
  if (!bake?.verdict) return [];
  const compared = describeCompared(bake.compared);
  return [`  bake               ${bake.verdict}${compared.length > 0 ? `; ${compared.join('; ')}` : ''}`];
}

/** The report in a few lines for a terminal. */
export function summarize(report: Report): string[] {
  const { cut, rows, versions, history, invariants } = report;
  const broken = invariants.filter(({ holds }) => !holds);
  const unequal = report.tables.filter(({ equal }) => !equal);
  const wasCut = report.states.some(({ name }) => name === ('Start switchover' satisfies StateName));
  const back = report.goingBack;
  const attempts = back ? describeAttempts(back.attempts) : '';
  const gaps = [
    ...(wasCut ? [`${cut.longestWriteGapMs.toFixed(0)} ms around the cut`] : []),
    ...(back ? [`${back.longestWriteGapMs.toFixed(0)} ms going back`] : []),
    `${cut.longestGapOfRunMs.toFixed(0)} ms in the whole run`,
  ];
  return [
    report.endState,
    `  version            ${versions.before} -> ${versions.after}`,
    `  longest write gap  ${gaps.join(', ')}`,
    `  rows               ${count(rows.acknowledged)} acknowledged, ${rows.lost} lost, ${rows.doubled} doubled`,
    ...(report.periods.length > 1 ? report.periods.map(periodLine) : []),
    ...clientLines(report.clients),
    `  writers saw        ${describeWriteErrors(cut.writeErrors)}; ${cut.unknownOutcome} committed although the answer was lost`,
    `  tables             ${report.tables.length === 0 ? 'no cut, nothing to compare' : `${report.tables.length - unequal.length} of ${report.tables.length} equal at the cut`}${back?.compared ? `, ${back.compared.tables - back.compared.differing} of ${back.compared.tables} going back` : ''}`,
    ...(attempts ? [`  going back         ${attempts}`] : []),
    ...(report.statistics ? [`  statistics         ${report.statistics.told}`] : []),
    ...bakeLines(report.bake),
    `  beside the data    production has ${report.beside.join(', ') || 'nothing'}`,
    ...(wasCut && report.noWayBack ? [`  no way back        ${report.noWayBack}`] : []),
    `  invariants         ${invariants.length - broken.length} of ${invariants.length} hold`,
    ...broken.map(({ id, detail }) => `    ${id} BROKEN: ${detail}`),
    `  history            ${history.events} events, ${history.transitions} transitions`,
    ...(report.error ? [`  error              ${report.error}`] : []),
    ...(report.cause ? [`  because            ${report.cause}`] : []),
    report.asExpected ? 'As expected.' : 'NOT as expected.',
  ];
}
