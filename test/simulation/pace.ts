import type { Timings } from '../../packages/local-aws/rds/timings.ts';

const second = 1_000;

/** An RDS that takes a minute or two where the real one takes most of an hour: paths are the same, ticks are fewer. */
export const quick: Partial<Timings> = {
  provisioningStart: 5 * second,
  createReplica: 15 * second,
  upgradeEngine: 15 * second,
  configureBackups: 10 * second,
  createTopology: 10 * second,
  createEndpoints: 5 * second,
  settleMembers: 20 * second,
  guardrails: 3 * second,
  finishSwitchover: 4 * second,
  eventLead: second,
  deleteDeployment: 15 * second,
  cloneCluster: 20 * second,
  addInstance: 20 * second,
  restoreInstance: 20 * second,
  firstBackup: 10 * second,
  snapshot: 20 * second,
  deleteDatabase: 20 * second,
  modify: 10 * second,
};

/** Numbers in [0, 1) that repeat from run to run. */
export function seeded(seed: number): () => number {
  // Neighbouring seeds begin far from each other.
  let state = (seed * 69_621 + 1) % 2_147_483_647;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
