import type { Question } from './approver.ts';

/** How a rehearsal talks to the person who watches. */
export interface Audience {
  print(line: string): unknown;
  /** Called when a person is to answer. */
  ask(question: Question): void;
  /** A terminal's last line. */
  show?: ((line: string) => void) | undefined;
}
