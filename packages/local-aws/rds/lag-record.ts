export interface LagSample {
  at: number;
  lagSeconds: number | null;
  lagBytes: number | null;
}

const oneDay = 24 * 60 * 60_000;

/** What was measured of the replication of each deployment, the last 24 hours of it. */
export class LagRecord {
  readonly #samples = new Map<string, LagSample[]>();

  add(deployment: string, sample: LagSample): void {
    const kept = (this.#samples.get(deployment) ?? []).filter(({ at }) => at > sample.at - oneDay);
    this.#samples.set(deployment, [...kept, sample]);
  }

  of(deployment: string): readonly LagSample[] {
    return this.#samples.get(deployment) ?? [];
  }
}
