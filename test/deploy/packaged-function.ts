import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { ScaledClock } from '../../packages/local-aws/clock.ts';

const bootFile = join(import.meta.dirname, 'lambda-boot.cjs');

interface Ready {
  ready: true;
}

interface Answer {
  id: number;
  payload?: string;
  error?: { name: string; message: string };
}

/** A packaged bundle in a child process, which serves its invocations as they come. */
export class PackagedFunction {
  readonly #file: string;
  readonly #clock: ScaledClock;
  readonly #environment: () => NodeJS.ProcessEnv;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #child: ChildProcess | undefined;
  #stderr = '';
  /** Invocations that were answered, errors included. */
  invocations = 0;

  constructor(file: string, clock: ScaledClock, environment: () => NodeJS.ProcessEnv) {
    this.#file = file;
    this.#clock = clock;
    this.#environment = environment;
  }

  /** Starts the process and loads the bundle in it. */
  async load(): Promise<void> {
    this.#child = this.#start();
    const message = once(this.#child, 'message');
    const failure = once(this.#child, 'exit').then(() => {
      throw new Error(`the bundle cannot be loaded: ${this.#stderr}`);
    });
    await Promise.race([message, failure]);
    failure.catch(() => undefined);
  }

  /** Invokes the function. What it throws keeps its name. */
  async invoke(event: unknown): Promise<unknown> {
    if (!this.#child) throw new Error('load the function first');
    const id = this.invocations++;
    const answered = new Promise<Answer>((resolve) => this.#waiting.set(id, resolve));
    this.#child.send({ id, event });
    const { payload, error } = await answered;
    if (error) throw Object.assign(new Error(error.message), { name: error.name });
    return JSON.parse(payload ?? 'null');
  }

  async stop(): Promise<void> {
    if (!this.#child || this.#child.exitCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.disconnect();
    await ended;
  }

  #start(): ChildProcess {
    const start = this.#clock.now();
    const clock = [this.#clock.scale, start, this.#clock.toRealTime(start)].map(String);
    const child = spawn(process.execPath, [bootFile, this.#file, ...clock], {
      env: this.#environment(),
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    child.stderr?.on('data', (text) => {
      this.#stderr += text;
    });
    child.on('message', (message: Answer | Ready) => {
      if ('id' in message) this.#settle(message);
    });
    child.on('exit', () => {
      const error = { name: 'Runtime.ExitError', message: `the bundle's process ended: ${this.#stderr}` };
      for (const id of this.#waiting.keys()) this.#settle({ id, error });
    });
    return child;
  }

  #settle(answer: Answer): void {
    this.#waiting.get(answer.id)?.(answer);
    this.#waiting.delete(answer.id);
  }
}
