/** Ends what was started when the process is told to stop, in the opposite order of its start. */
export interface StopSignal {
  /** True from the signal on: what fails then fails because everything is being ended. */
  readonly isStopping: boolean;
  track(dispose: () => Promise<void>): void;
}

const signals = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/**
 * From now on Ctrl-C and its like end what is tracked and then the process, with the exit code that shells expect. A second
 * signal does not cut the ending short: a data directory must not lose its server half-way.
 */
export function onStopSignal(tell: (signal: string) => void): StopSignal {
  const started: (() => Promise<void>)[] = [];
  let stopping = false;
  for (const [signal, code] of Object.entries(signals)) {
    process.on(signal, async () => {
      if (stopping) return;
      stopping = true;
      tell(signal);
      for (const dispose of started.reverse()) await dispose().catch(() => {});
      process.exit(code);
    });
  }
  return {
    get isStopping() {
      return stopping;
    },
    track(dispose) {
      started.push(dispose);
    },
  };
}
