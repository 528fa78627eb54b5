import type { Socket } from 'node:net';
import type { Clock } from '../../clock.ts';
import { Endpoint, listen, type Target } from './endpoint.ts';

/** What a name server answers, and how long it may be kept. */
export interface Answer {
  value: string;
  ttlSeconds: number;
}

export interface Resolution {
  clock: Clock;
  /** Asks the name servers. */
  ask(): Answer | undefined;
  /** Where a connection to what they answer goes. */
  reach(value: string): Target | undefined;
}

/**
 * What an application connects to that comes by a name: every new connection goes where the name leads, by an answer that is kept
 * for its time to live. Connections that are open stay where they are, as with DNS.
 */
export class RecordEndpoint extends Endpoint {
  #resolution: Resolution | undefined;
  #kept: { value: string; until: number } | undefined;

  static async follow(resolution: Resolution): Promise<RecordEndpoint> {
    const endpoint = new RecordEndpoint(await listen());
    endpoint.#resolution = resolution;
    endpoint.point({ port: 0 });
    return endpoint;
  }

  protected override accept(client: Socket): void {
    const target = this.#find();
    if (target) super.accept(client, target);
    else client.resetAndDestroy();
  }

  #find(): Target | undefined {
    const { clock, ask, reach } = this.#resolution ?? {};
    const now = clock?.now() ?? 0;
    if (!this.#kept || now >= this.#kept.until) {
      const answer = ask?.();
      this.#kept = answer && { value: answer.value, until: now + answer.ttlSeconds * 1_000 };
    }
    return this.#kept && reach?.(this.#kept.value);
  }
}
