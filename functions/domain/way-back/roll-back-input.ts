import type { Deployment, Finding, Verdict } from '../model/deployment.ts';
import { firstNames } from '../model/first-names.ts';
import type { StateName } from '../model/states.ts';
import { quote } from '../model/text.ts';
import { longestInput } from '../request/input-size.ts';
import type { Request } from '../request/request.ts';
import { type Comparison, comparisonOf, comparisons } from './comparison.ts';
import { isStatement, type Loss } from './loss.ts';
import type { WayBack } from './state.ts';

/** Input of the state machine `roll-back` (docs/roll-back.schema.json). */
export interface RollBackInput {
  /** ARN of the run whose way back is to be used. */
  executionArn: string;
  /** Who asks for it, for the record. */
  requestedBy?: string;
  /** Written by `npm run go-back`: proves that IAM knows `requestedBy`. */
  requestSeal?: string;
  /** How both sides are compared, instead of what the request says: nobody writes meanwhile. */
  compare?: Comparison;
  /** A loss that an earlier execution has stated. People are asked to accept it; this alone accepts nothing. */
  acceptLoss?: { statement: string };
}

const runArn = /^arn:aws(?:-[a-z]+)*:states:[a-z0-9-]+:\d{12}:execution:[^:]+:[^:]+$/;

type Fields = Record<string, unknown>;

/**
 * What is wrong with an input, each as "field: problem; fix". The schema in docs says the same.
 * @param input a number: so many characters, which are too many to be given
 */
export function findInputProblems(input: unknown): string[] {
  if (typeof input === 'number')
    return [
      `the input: is ${input} characters long; give at most ${longestInput}, for example {"executionArn": "ARN of the run"}`,
    ];
  if (!isObject(input)) return ['the input: is not an object; give {"executionArn": "ARN of the run"}'];
  const { executionArn, requestedBy, requestSeal, compare, acceptLoss, ...others } = input;
  return [
    ...(typeof executionArn === 'string' && runArn.test(executionArn)
      ? []
      : ['executionArn: is not the ARN of an execution; give that of the run, as its messages name it']),
    ...(requestedBy === undefined ? [] : checkText('requestedBy', requestedBy, 200, 'give a name')),
    ...(requestSeal === undefined ? [] : checkText('requestSeal', requestSeal, 100, 'leave it out')),
    ...(compare === undefined || comparisons.includes(compare as Comparison)
      ? []
      : [`compare: is not a way to compare; give ${comparisons.join(', ')}, or leave it out`]),
    ...(acceptLoss === undefined ? [] : checkAcceptance(acceptLoss)),
    ...refuseOthers('', others),
  ];
}

const wholeStatement = 'give the text that the execution which did not go back has stated';

function checkAcceptance(acceptLoss: unknown): string[] {
  if (!isObject(acceptLoss)) return ['acceptLoss: is not an object; give {"statement": …}'];
  const { statement, ...others } = acceptLoss;
  return [
    ...checkText('acceptLoss.statement', statement, 4_000, wholeStatement),
    ...refuseOthers('acceptLoss.', others),
  ];
}

function checkText(field: string, value: unknown, longest: number, fix: string): string[] {
  if (value === undefined) return [`${field}: is missing; ${fix}`];
  const good =
    typeof value === 'string' && value.length <= longest && !value.includes('\n') && value.trim() !== '';
  return good ? [] : [`${field}: is not a line of 1 to ${longest} characters; ${fix}`];
}

function refuseOthers(prefix: string, others: Fields): string[] {
  return firstNames(Object.keys(others).map((key) => key.slice(0, 80))).map(
    (key) => `${prefix}${key}: is not a field of the input; remove it, or correct its spelling`,
  );
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The loss that a typed text accepts, or why it accepts none: none was stated, or another one. */
export function findAcceptedLoss(
  typed: string,
  stated: (Loss | null | undefined)[],
): { problem: string } | { loss: Loss } {
  const found = stated.find((loss) => isStatement(typed, loss));
  if (found) return { loss: found };
  const texts = stated.map((loss) => loss?.statement).filter((text) => typeof text === 'string');
  const problem =
    texts.length === 0
      ? 'acceptLoss: the last execution that went back by this run has stated no loss that can be accepted; start without acceptLoss'
      : `acceptLoss.statement: is not what was stated last; give "${texts[0]}", or start without acceptLoss`;
  return { problem };
}

/** The run whose upgrade an execution of `roll-back` undoes. */
export interface RunToUndo {
  /** ARN of the run. */
  run: string;
  request: Request;
  deployment: Deployment;
  wayBack: WayBack;
}

/** The run to undo, with the comparison that the input of `roll-back` asks for. */
export function withComparison<O extends RunToUndo>(toUndo: O, compare: Comparison | undefined): O {
  if (!compare) return toUndo;
  const { request } = toUndo;
  return { ...toUndo, request: { ...request, wayBack: { ...request.wayBack, compare } } };
}

/** Whether the input asks for a weaker comparison than the run's request. */
function isLowered(
  toUndo: Pick<RunToUndo, 'request' | 'wayBack'>,
  compare: Comparison | undefined,
): compare is Comparison {
  return compare !== undefined && comparisons.indexOf(compare) < comparisons.indexOf(comparisonOf(toUndo));
}

/** Why the comparison may not be lowered: nobody does so without a name on record. */
export function findUnnamedLowering(
  toUndo: Pick<RunToUndo, 'request' | 'wayBack'>,
  { compare, requestedBy }: RollBackInput,
): string | undefined {
  if (requestedBy !== undefined || !isLowered(toUndo, compare)) return undefined;
  return `requestedBy: is missing; give the name of who lowers compare from ${comparisonOf(toUndo)} to ${compare}`;
}

/** Who lowered the comparison, for the outcome and its announcement. */
export function describeLowering(
  toUndo: Pick<RunToUndo, 'request' | 'wayBack'>,
  { compare, requestedBy = 'somebody' }: RollBackInput,
): Finding[] {
  if (!isLowered(toUndo, compare)) return [];
  const message = `${quote(requestedBy)} lowered how both sides are compared before going back: ${compare}, where the run says ${comparisonOf(toUndo)}`;
  return [{ rule: 'compare-lowered', severity: 'warning', message }];
}

/** What the history of the run says. */
export interface RunFacts {
  entered: { state: StateName }[];
  known: { request?: unknown; deployment?: Partial<Deployment>; wayBack?: WayBack };
}

/** States of a run after which there is no way back. */
const closing: readonly StateName[] = [
  'Give up the way back',
  'Close the broken way back',
  'Close the way back',
];

/** Whether the run has a way back that can be used. */
export function readRunToUndo(run: string, { entered, known }: RunFacts): Verdict<RunToUndo> {
  const { request, deployment, wayBack } = known;
  const no = (because: string): Verdict<RunToUndo> => ({ kind: 'no', because: `${run}: ${because}` });
  if (entered.some(({ state }) => state === 'Read the run'))
    return no('it is an execution that goes back; give the ARN of the run that it undoes');
  if (!request || !deployment?.database || !deployment.blue || !deployment.green)
    return no('its history does not name both sides');
  if (!wayBack?.attached) return no('no way back was attached');
  if (wayBack.lost) return no(`the way back was closed: ${wayBack.lost}`);
  if (entered.some(({ state }) => closing.includes(state))) return no('the way back is closed');
  return {
    kind: 'ready',
    facts: { run, request: request as Request, deployment: deployment as Deployment, wayBack },
  };
}
