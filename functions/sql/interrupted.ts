import { Refused } from './refused.ts';

/** What was being done when a database said no. */
export class Interrupted extends Error {
  readonly doing: string;

  constructor(doing: string, cause: unknown) {
    super(doing, { cause });
    this.doing = doing;
  }
}

/** Remembers what was being done; the innermost text wins. */
export async function during<T>(doing: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Refused || error instanceof Interrupted) throw error;
    throw new Interrupted(doing, error);
  }
}
