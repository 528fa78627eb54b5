import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { realClock } from '../real-clock.ts';
import { CannotStart } from './cannot-start.ts';
import { freePort } from './free-port.ts';
import { ended, isRunning } from './launch.ts';

/** A signal that asks a server to stop, and how many milliseconds it is given before the next one. */
export type StopStep = readonly [signal: NodeJS.Signals, patienceMs: number];

/** One process of a database server on a loopback port, whatever its family. */
export abstract class ServerProcess {
  readonly name: string;
  readonly dataDirectory: string;
  readonly logFile: string;
  /** 0 until the server has started once; the same through restarts. */
  port = 0;
  #process: ChildProcess | undefined;

  constructor(name: string, dataDirectory: string) {
    this.name = name;
    this.dataDirectory = dataDirectory;
    this.logFile = `${dataDirectory}.log`;
  }

  /** Its program and version, as an error names them. */
  protected abstract readonly title: string;
  /** In the log of a server that did not start: its port was taken. */
  protected abstract readonly portTaken: RegExp;
  /** From the gentlest to the last. */
  protected abstract readonly stopSteps: readonly StopStep[];
  /** Ends every process of it with nothing written, so that it has to recover. */
  protected abstract readonly crashSignal: NodeJS.Signals;

  /** Starts the program; its output goes to `log`, an open file. */
  protected abstract launch(log: number): Promise<ChildProcess>;

  /** Ready means: answers, and is the server of this data directory and not another one on the same port. */
  protected abstract answers(): Promise<boolean>;

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** Resolves with the first answered query. A port that another program took in between is given up for another one. */
  async start(): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      if (this.port === 0) this.port = await freePort();
      const failure = await this.#startOnce();
      if (failure === undefined) return;
      if (attempt === 5 || !this.portTaken.test(failure))
        throw new CannotStart(`${this.title} (${this.name}) did not start: ${failure}`);
      this.port = 0;
    }
  }

  /** Last lines of the log, at most `bytes` of it. */
  logTail(bytes = 4_000): string {
    return readFileSync(this.logFile, 'utf8').slice(-bytes).trim();
  }

  signal(signal: NodeJS.Signals): void {
    this.#process?.kill(signal);
  }

  /** Stops in order, in the end by force. Resolves when the process is gone. */
  async stop(): Promise<void> {
    const child = this.#process;
    if (!child) return;
    for (const [signal, patienceMs] of this.stopSteps) {
      child.kill(signal);
      for (let waited = 0; waited < patienceMs && isRunning(child); waited += 10) await realClock.sleep(10);
      if (!isRunning(child)) break;
    }
    await ended(child);
    this.#process = undefined;
  }

  /** Ends as a machine does that loses its power, and can be started again. */
  async crash(): Promise<void> {
    const child = this.#process;
    if (!child) return;
    child.kill(this.crashSignal);
    await ended(child);
    this.#process = undefined;
  }

  /** Returns the end of the log when the process ended instead of becoming ready. */
  async #startOnce(): Promise<string | undefined> {
    const log = openSync(this.logFile, 'a');
    let child: ChildProcess;
    try {
      child = await this.launch(log);
    } finally {
      closeSync(log);
    }
    this.#process = child;
    while (isRunning(child)) {
      if (await this.answers()) return undefined;
      await realClock.sleep(20);
    }
    this.#process = undefined;
    return this.logTail();
  }
}
