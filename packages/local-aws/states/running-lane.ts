import type { Flow } from './definition.ts';
import type { Json } from './json.ts';
import { Scope } from './scope.ts';

/**
 * A flow of states on its way: the execution itself, a branch of a Parallel, an iteration of a Map. It keeps what
 * a redrive needs to go on from the state that did not end.
 */
export class Lane {
  readonly flow: Flow;
  readonly scope: Scope;
  /** `Map.Item` of the context object, inside a Map. */
  readonly item: Json | undefined;
  at: string;
  input: Json;
  /** The last event of this lane: the next one's `previousEventId`. */
  lastEvent: number;
  /** The stay in `at`, from entering to leaving it. */
  stay: { event: number; time: number } | undefined;
  /** The lanes inside the Parallel or Map that is `at`. */
  inner: Lane[] | undefined;
  /** Set when the last state was left. */
  result: { output: Json } | undefined;
  readonly isInner: boolean;

  constructor(flow: Flow, input: Json, lastEvent: number, outer?: Lane, item?: Json) {
    this.flow = flow;
    this.at = flow.StartAt;
    this.input = input;
    this.lastEvent = lastEvent;
    this.scope = new Scope(outer?.scope);
    this.item = item ?? outer?.item;
    this.isInner = outer !== undefined;
  }
}
