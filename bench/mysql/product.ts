import { realClock } from '../../packages/local-aws/real-clock.ts';
import { databases } from './pair.ts';
import type { Sequence } from './sequence.ts';

/** The cut of the local RDS and the functions as they are deployed, in the order of the state machines and without the machines. */
export const product: Sequence = {
  name: 'viridian',
  async cut(pair) {
    const held = () => ({ ...pair.sides.production, databases, applicationRoles: [] });
    const before = (await pair.ask('hold-writes', held())).changes ?? {};
    const cut = { deployment: pair.deployment, timeoutMs: 30_000, pairs: pair.names };
    const result = await pair.plane.cutOver(cut);
    if (!result.done) throw new Error(result.reason);
    const cutMs = pair.plane.cutOf(pair.deployment)?.windowMs ?? Number.NaN;
    // RDS ends the sessions of both sides at its cut, ours as well.
    await pair.green.sql.query('KILL USER viridian');
    const began = realClock.now();
    const changes = (await pair.ask('hold-writes', held())).changes ?? {};
    const { secured } = await pair.ask('secure', { ...held(), before, changes });
    return { cutMs, securedMs: cutMs + realClock.now() - began, secured };
  },
  async back(pair) {
    const { production, target } = pair.sides;
    // As "Fence new production" does before it closes anything.
    await pair.ask('foreign-writers', { ...target, databases });
    const began = realClock.now();
    const { positions } = await pair.ask('fence', { ...production, databases });
    for (let isDrained = false; !isDrained; ) {
      const found = await pair.ask('drained', { ...production, target, positions });
      isDrained = found.databases.every(({ drained }) => drained);
    }
    await pair.ask('foreign-writers', { ...production, databases });
    await pair.ask('detach', { ...target, databases });
    await pair.ask('set-sequences', { production, target, databases });
    await pair.lead('blue');
    await pair.plane.setWritable('blue', true);
    await pair.ask('open', { open: target, closed: production, databases });
    return realClock.now() - began;
  },
};
