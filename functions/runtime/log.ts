/** Everything that a function reports. The list is closed, so that log queries and alarms can rely on the names. */
export type LogEvent =
  | 'task.started'
  | 'task.finished'
  | 'task.failed'
  | 'wait.ready'
  | 'wait.not-yet'
  | 'wait.answer-came-too-late'
  | 'change.sent'
  | 'change.accepted'
  | 'change.refused'
  | 'change.unknown'
  | 'mark.refused'
  | 'wake.woken'
  | 'wake.too-often'
  | 'wake.nothing-to-wake'
  | 'approval.asked'
  | 'approval.decided'
  | 'approval.refused'
  | 'page.refused';

/** Ids and short facts only: never a token, a link or a payload. */
export type LogFields = Record<string, string | number | boolean | undefined>;
export type LogSink = (line: string) => void;

/** The same kind of seam as in `runtime/clock.ts`: a rehearsal keeps the lines out of its own output. */
const seam: unique symbol = Symbol.for('viridian.log') as never;
const holder = globalThis as { [seam]?: LogSink };
const toStdout: LogSink = (line) => process.stdout.write(`${line}\n`);

/** Sends the log lines of this process elsewhere; `undefined` puts standard output back. */
export function useLogSink(sink: LogSink | undefined): void {
  holder[seam] = sink;
}

/** Writes one JSON line. */
export function log(event: LogEvent, fields: LogFields = {}): void {
  writeLine({ event, ...fields });
}

/** Writes anything as one JSON line, for what has a form of its own. */
export function writeLine(value: unknown): void {
  (holder[seam] ?? toStdout)(JSON.stringify(value));
}
