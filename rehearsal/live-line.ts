import { styleText } from 'node:util';
import { showSpan, wrapLine } from '../functions/domain/model/text.ts';

/** What is known of a run at a moment. */
export interface Moment {
  /** The state that it is in, and the phase of that. */
  state: string;
  phase: string | undefined;
  /** Until the wait of the state is over at the latest, in real milliseconds; undefined where it does not wait. */
  leftMs: number | undefined;
  /** Tasks of RDS that build green. */
  tasks: readonly { Status?: string | undefined }[];
  /** Replication from blue into green; null where there is none, or it cannot be read. */
  lagBytes: number | null;
  /** Writes that clients have had acknowledged since the beginning. */
  acknowledged: number;
}

/** One line of at most 80 columns. `seconds` since the beginning, `writes` a second. */
export function describeMoment(moment: Moment, seconds: number, writes: number): string {
  const { state, phase, tasks, lagBytes, leftMs } = moment;
  const done = tasks.filter(({ Status }) => Status === 'COMPLETED').length;
  const facts = [
    tasks.length > 0 && done < tasks.length && `green ${Math.round((100 * done) / tasks.length)} %`,
    leftMs !== undefined && leftMs > 0 && `at most ${showSpan(leftMs / 1_000)}`,
    lagBytes !== null && `lag ${(lagBytes / 1_048_576).toFixed(1)} MiB`,
    `${Math.round(writes)} writes/s`,
  ];
  const begin = `${seconds.toFixed(0).padStart(4)} s  `;
  const end = `  ${facts.filter(Boolean).join(', ')}`;
  return begin + cut(phase ? `${phase}: ${state}` : state, width - begin.length - end.length) + end;
}

/** A line that fills the terminal would wrap. */
const width = 79;

const cut = (text: string, longest: number): string =>
  text.length <= longest ? text : `${text.slice(0, longest - 3)}...`;

const everyMs = 500;

/** Shows the line twice a second, until it is stopped. Nothing where there is no terminal: `show` is undefined. */
export function showLive(
  show: ((line: string) => void) | undefined,
  startedAt: number,
  look: () => Moment,
): { stop(): void } {
  if (!show) return { stop() {} };
  let before = { at: Date.now(), acknowledged: look().acknowledged };
  const timer = setInterval(() => {
    const now = look();
    const at = Date.now();
    const writes = ((now.acknowledged - before.acknowledged) * 1_000) / (at - before.at);
    before = { at, acknowledged: now.acknowledged };
    show(describeMoment(now, (at - startedAt) / 1_000, writes));
  }, everyMs);
  timer.unref();
  return {
    stop() {
      clearInterval(timer);
      show('');
    },
  };
}

/** A terminal with a last line that changes; of a file or a pipe plain lines, and no live line. */
export interface Screen {
  print(line: string): void;
  show: ((line: string) => void) | undefined;
}

const clear = '\r\u001b[K';

/** Colours help to see what is wrong, and `NO_COLOR` switches them off. Links and ARNs are never broken. */
export function openScreen(out: NodeJS.WriteStream): Screen {
  if (!out.isTTY) return { print: (line) => void out.write(`${line}\n`), show: undefined };
  let live = '';
  return {
    print(line) {
      const width = Math.max(60, Math.min(out.columns || 80, 120));
      const lines = foldLine(line, width).map(colour);
      out.write(`${live && clear}${lines.join('\n')}\n${live}`);
    },
    show(line) {
      live = line;
      out.write(`${clear}${line}`);
    },
  };
}

/** A line of the summary goes on under its value; an indented text under its beginning. */
export function foldLine(line: string, width: number): string[] {
  if (line.length <= width) return [line];
  const [head = ''] = /^\s*(?:\S+(?: \S+)* {2,})?/.exec(line) ?? [];
  const [first = '', ...rest] = wrapLine(line.slice(head.length), width - head.length);
  return [head + first, ...rest.map((part) => ' '.repeat(head.length) + part)];
}

function colour(line: string): string {
  const look = /^NOT as expected|BROKEN|\b[1-9]\d* (?:lost|LOST|DOUBLED|doubled)\b/.test(line)
    ? 'red'
    : /^As expected/.test(line)
      ? 'green'
      : /^\s*warning:/.test(line)
        ? 'yellow'
        : undefined;
  return look ? styleText(look, line, { stream: process.stdout }) : line;
}
