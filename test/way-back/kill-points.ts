import type { FunctionKey } from '../../deploy/functions.ts';
import type { LambdaFault } from '../../packages/local-aws/services/lambda.ts';
import { type Attempt, type Stage, warms } from '../simulation/stage.ts';

/**
 * How what died is taken up again: by the Retry of its state; or, after its execution was stopped with it, by redriving that, or by a person who
 * starts to go back anew with the same input. A run itself can only be redriven.
 */
export type Comeback = 'retried' | 'redriven' | 'started anew';

/** Functions by whose execution invokes them: that of the run, or one that goes back. */
export type KilledFunctions = Record<'run' | 'back', readonly FunctionKey[]>;

/** So many deaths in a row outlast no Retry. */
const longestRow = 5;
/** "Read the run" reads each execution of the last hour, so that every death gives the next execution one call more to die after. */
const mostDeaths = 40;
/** Milliseconds. */
const comesBackAfter = 1_000;

/** How one function has died so far. */
interface Fate {
  deaths: number;
  /** AWS calls after which it dies next. */
  calls: number;
  /** It has died in every place. */
  over: boolean;
}

/**
 * Lets functions die. At one invocation a function dies before it sends its first AWS call, at the next one after that call, then after its
 * second, and so on; and once after its return, before its answer is heard.
 */
export class KillPoints {
  readonly #stage: Stage;
  readonly #comeback: Comeback;
  readonly #fates = new Map<string, Fate>();

  constructor(stage: Stage, comeback: Comeback, killed: KilledFunctions) {
    this.#stage = stage;
    this.#comeback = comeback;
    for (const whose of ['run', 'back'] as const)
      for (const key of killed[whose])
        this.#fates.set(`${whose}: ${key}`, { deaths: 0, calls: 0, over: false });
    stage.functionRules.push((attempt) => this.#meet(attempt));
    stage.onInvoked.push(({ functionName, payload, result }) => {
      if (warms(payload)) return;
      const fate = this.#fateOf({ key: functionName.replace('viridian-rehearsal-', ''), payload });
      const died = 'error' in result ? result.error.errorType : undefined;
      if (!fate || died === 'Lambda.Unknown') return;
      if (died === 'Runtime.ExitError') fate.calls += 1;
      else fate.over = true;
    });
  }

  /** Functions that have not died yet. */
  get spared(): string[] {
    return [...this.#fates].filter(([, { deaths }]) => deaths === 0).map(([name]) => name);
  }

  #fateOf({ key, payload }: Attempt): Fate | undefined {
    const { executionArn = '' } = (payload ?? {}) as { executionArn?: string };
    return this.#fates.get(`${isRollBack(executionArn) ? 'back' : 'run'}: ${key}`);
  }

  #meet(attempt: Attempt): LambdaFault | undefined {
    const fate = this.#fateOf(attempt);
    if (!fate || fate.over) return undefined;
    fate.deaths += 1;
    if (this.#comeback !== 'retried') {
      fate.over = fate.deaths > mostDeaths;
      // A function that comes to its end nevertheless is one whose answer nobody hears.
      this.#stop((attempt.payload as { executionArn: string }).executionArn);
      return { crashAfterCalls: fate.calls };
    }
    if (fate.deaths === 1)
      return { replaceResult: { errorType: 'Lambda.Unknown', errorMessage: 'lost by the test' } };
    fate.over = fate.deaths > longestRow;
    return { crashAfterCalls: fate.calls };
  }

  #stop(executionArn: string): void {
    const { clock, account } = this.#stage;
    const { states, rollBackMachineArn } = account;
    void states.stopExecution(executionArn, undefined, 'killed by the test');
    clock.after(comesBackAfter, () => {
      if (this.#comeback === 'redriven' || !isRollBack(executionArn)) states.redriveExecution(executionArn);
      else
        states.startExecution({
          stateMachineArn: rollBackMachineArn,
          input: states.execution(executionArn).order.input,
        });
    });
  }
}

const isRollBack = (executionArn: string): boolean => executionArn.includes('roll-back');
