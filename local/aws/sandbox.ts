import { AsyncLocalStorage } from 'node:async_hooks';

/** Where a function runs. When Lambda ends it (a timeout), nothing that still runs inside may act any more. */
interface Sandbox {
  ended: boolean;
}

const current = new AsyncLocalStorage<Sandbox | undefined>();

export interface SandboxedWork<Result> {
  result: Promise<Result>;
  /** Cuts the work off: its AWS calls are no longer sent and their answers no longer arrive. */
  end(): void;
}

/** Starts work whose in-process AWS calls can be cut off, since a promise itself cannot be stopped. */
export function startInSandbox<Result>(work: () => Promise<Result>): SandboxedWork<Result> {
  const sandbox: Sandbox = { ended: false };
  return {
    result: current.run(sandbox, work),
    end() {
      sandbox.ended = true;
    },
  };
}

/** Never resolves for work whose sandbox has ended; resolves at once for everything else. */
export function passUnlessEnded(): Promise<void> {
  return current.getStore()?.ended ? new Promise(() => {}) : Promise.resolve();
}

/** Runs what a call sets off in a service, which goes on whatever becomes of the caller. */
export function outsideSandbox<Result>(work: () => Result): Result {
  return current.run(undefined, work);
}
