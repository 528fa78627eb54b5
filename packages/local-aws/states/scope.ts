import type { Json } from './json.ts';

/**
 * The variables of one flow of states. A branch or an iteration has a scope of its own: it reads the outer ones
 * and assigns only its own ("Passing data between states with variables" in the developer guide).
 */
export class Scope {
  readonly #outer: Scope | undefined;
  readonly #own: Record<string, Json> = {};

  constructor(outer?: Scope) {
    this.#outer = outer;
  }

  /** Every variable that can be read here, by name. */
  all(): Record<string, Json> {
    return { ...this.#outer?.all(), ...this.#own };
  }

  assign(values: Record<string, Json>): void {
    Object.assign(this.#own, values);
  }
}
