import type { Pair } from './pair.ts';

/** A way to move production to green and back. Times count from when writes are fenced. Milliseconds. */
export interface Sequence {
  name: string;
  /** The application is held at its pooler meanwhile; otherwise its sessions are cut. */
  holds: boolean;
  /** It opens blue through the fence of the product. */
  opensFence?: true;
  /** `cutMs`: until green is open. `securedMs`: until the way back is made; null where writes did not wait for it. */
  cut(pair: Pair): Promise<{ cutMs: number; securedMs: number | null }>;
  /** Until blue is open. */
  back(pair: Pair): Promise<number>;
}
