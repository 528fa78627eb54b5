import { AsyncLocalStorage } from 'node:async_hooks';

/** Where a function runs. When it has ended (a timeout, a crash), nothing that still runs inside may act any more. */
interface Sandbox {
  ended: boolean;
  /** Key under which the work signs its calls; none: the one of its client. */
  accessKeyId: string | undefined;
  /** AWS calls that are still processed; with the last of them the function crashes. */
  callsLeft: number;
  crash(): void;
}

const current = new AsyncLocalStorage<Sandbox | undefined>();

export interface SandboxedWork<Result> {
  result: Promise<Result>;
  /** Resolves when the work has crashed. */
  crashed: Promise<void>;
  /** Cuts the work off: its AWS calls are no longer sent and their answers no longer arrive. */
  end(): void;
}

export interface SandboxOptions {
  crashAfterCalls?: number | undefined;
  accessKeyId?: string | undefined;
}

/**
 * Starts work whose in-process AWS calls can be cut off, since a promise itself cannot be stopped. It crashes when
 * `crashAfterCalls` of its calls are processed, before it hears the last one's answer; 0 is before the first is sent.
 */
export function startInSandbox<Result>(
  work: () => Promise<Result>,
  { crashAfterCalls = Number.POSITIVE_INFINITY, accessKeyId }: SandboxOptions = {},
): SandboxedWork<Result> {
  const crashed = Promise.withResolvers<void>();
  const sandbox: Sandbox = { ended: false, accessKeyId, callsLeft: crashAfterCalls, crash: crashed.resolve };
  return {
    result: current.run(sandbox, work),
    crashed: crashed.promise,
    end() {
      sandbox.ended = true;
    },
  };
}

/** The key under which a call from here is signed, whatever key its client has: functions of one process share their clients. */
export const accessKeyOfSandbox = (): string | undefined => current.getStore()?.accessKeyId;

/** Never resolves for work that has ended, so that it sends nothing more. */
export function beforeCall(): Promise<void> {
  return passUnlessEnded(current.getStore());
}

/** Never resolves for work that has ended, so that it hears nothing more. */
export function afterCall(): Promise<void> {
  const sandbox = current.getStore();
  if (sandbox) sandbox.callsLeft -= 1;
  return passUnlessEnded(sandbox);
}

function passUnlessEnded(sandbox: Sandbox | undefined): Promise<void> {
  if (sandbox && !sandbox.ended && sandbox.callsLeft <= 0) {
    sandbox.ended = true;
    sandbox.crash();
  }
  return sandbox?.ended ? new Promise(() => {}) : Promise.resolve();
}

/** Runs what a call sets off in a service, which goes on whatever becomes of the caller. */
export function outsideSandbox<Result>(work: () => Result): Result {
  return current.run(undefined, work);
}
