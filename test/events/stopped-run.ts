import type { StateName } from '../../functions/domain/model/states.ts';
import { handler } from '../../functions/events/reconcile.ts';
import { useLogSink } from '../../functions/runtime/log.ts';
import { SimulatedDataPlane } from '../../packages/local-aws/rds/simulated-data-plane.ts';
import { addParameterGroup } from '../../packages/local-aws/rds/world/parameter-groups.ts';
import { addInstance } from '../../packages/local-aws/rds/world/seeding.ts';
import { VirtualClock } from '../../packages/local-aws/virtual-clock.ts';
import { type Account, openAccount } from '../../rehearsal/account.ts';

export const hour = 3_600_000;

/** An account in virtual time whose runs can be stopped in any state, and the function that tells of them. */
export class StoppedRuns {
  readonly clock = new VirtualClock(Date.UTC(2026, 10, 21, 12));
  readonly dataPlane = new SimulatedDataPlane(this.clock);
  readonly account: Account;

  private constructor(account: Account, clock: VirtualClock, dataPlane: SimulatedDataPlane) {
    this.account = account;
    this.clock = clock;
    this.dataPlane = dataPlane;
  }

  static async open(): Promise<StoppedRuns> {
    const clock = new VirtualClock(Date.UTC(2026, 10, 21, 12));
    const dataPlane = new SimulatedDataPlane(clock);
    useLogSink(() => undefined);
    const account = await openAccount({ clock, dataPlane });
    for (const major of [15, 17])
      addParameterGroup(account.rds, {
        name: `logical${major}`,
        family: `postgres${major}`,
        parameters: { 'rds.logical_replication': '1' },
      });
    await addInstance(account.rds, {
      DBInstanceIdentifier: 'orders',
      EngineVersion: '15.18',
      parameterGroup: 'logical15',
    });
    return new StoppedRuns(account, clock, dataPlane);
  }

  close(): void {
    useLogSink(undefined);
    this.account.close();
  }

  /** Runs until the state is entered, and stops the run there; without a state it runs to its end. */
  run(stopIn?: StateName, request: object = {}): Promise<string> {
    return this.clock.run(async () => {
      const { executionArn } = this.account.states.startExecution({
        stateMachineArn: this.account.stateMachineArn,
        input: JSON.stringify({
          database: 'orders',
          target: { engineVersion: '17.10', parameterGroup: 'logical17' },
          approval: { required: false },
          bake: { minutes: 10 },
          oldBlue: { deleteAfterDays: 1 },
          ...request,
        }),
      });
      if (stopIn) this.#stopIn(executionArn, stopIn);
      await this.account.states.settled(executionArn);
      return executionArn;
    });
  }

  /** What the event of Step Functions makes reconcile say. */
  async tellOf(executionArn: string): Promise<string[]> {
    return this.#say({ source: 'aws.states', detail: { executionArn } });
  }

  /** What an hourly look says, so long after now. */
  async lookLater(milliseconds: number): Promise<string[]> {
    await this.clock.run(this.clock.sleep(milliseconds));
    return this.#say({ source: 'aws.events', time: new Date(this.clock.now()).toISOString() });
  }

  async #say(event: unknown): Promise<string[]> {
    const { messages } = this.account.sns;
    const before = messages.length;
    await this.clock.run(this.clock.during('reconcile', () => handler(event)));
    return messages.slice(before).map(({ subject, message }) => `${subject}\n${message}`);
  }

  #stopIn(executionArn: string, state: StateName): void {
    const off = this.account.states.on((event) => {
      if (event.kind !== 'history' || event.event.stateEnteredEventDetails?.name !== state) return;
      off();
      this.clock.after(1_000, () => void this.account.states.stopExecution(executionArn, undefined, 'lunch'));
    });
  }
}
