/**
 * A database that had a name for some time, milliseconds of the clock. The first of a name had it always, since databases that a
 * scenario begins with are older than the scenario; `until` is Infinity for the one that has it now.
 */
export interface Holder {
  /** Resource in the data plane. */
  database: string;
  from: number;
  until: number;
}

/** Which database each instance name led to, and when: series of CloudWatch belong to names, and names move. */
export class NameHolders {
  readonly #changes = new Map<string, { at: number; database: string | undefined }[]>();

  /** From now on this database has the name; `undefined`: nobody has. */
  note(name: string, database: string | undefined, at: number): void {
    const changes = this.#changes.get(name) ?? [];
    changes.push({ at, database });
    this.#changes.set(name, changes);
  }

  of(name: string): Holder[] {
    const changes = this.#changes.get(name) ?? [];
    return changes.flatMap(({ at, database }, index) =>
      database === undefined
        ? []
        : [
            {
              database,
              from: index === 0 ? Number.NEGATIVE_INFINITY : at,
              until: changes[index + 1]?.at ?? Number.POSITIVE_INFINITY,
            },
          ],
    );
  }
}
