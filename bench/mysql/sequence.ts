import type { SecuredDatabase } from '../../functions/domain/way-back/facts.ts';
import type { Pair } from './pair.ts';

/** A way to move production to green and back. Milliseconds, from when writes are fenced. */
export interface Sequence {
  name: string;
  /**
   * `cutMs`: until green is open. `securedMs`: until the beginning of the way back is known, which no client waits for; null where it is only noted
   * afterwards. `secured`: that beginning.
   */
  cut(pair: Pair): Promise<{ cutMs: number; securedMs: number | null; secured: SecuredDatabase[] }>;
  /** Until blue is open. */
  back(pair: Pair): Promise<number>;
}
