/**
 * What name servers still answer of names that have moved. A name keeps one old answer: the database that it led to last before it began to
 * move, whatever else happens to it until the time is over.
 */
export class StaleNames<Database> {
  readonly #kept = new Map<string, { database: Database; until: number }>();

  /**
   * Notes that a name moves.
   * @param before what it has led to; a name that led nowhere keeps its old answer for longer
   * @param forMs so long from now on; 0: every answer is new at once
   */
  keep(name: string, before: Database | undefined, now: number, forMs: number): void {
    const database = before ?? this.#kept.get(name)?.database;
    if (forMs > 0 && database !== undefined) this.#kept.set(name, { database, until: now + forMs });
    else this.#kept.delete(name);
  }

  /** The old answer of a name, as long as it is given. */
  of(name: string, now: number): Database | undefined {
    const kept = this.#kept.get(name);
    return kept && now < kept.until ? kept.database : undefined;
  }

  names(): Iterable<string> {
    return this.#kept.keys();
  }
}
