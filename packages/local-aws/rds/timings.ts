const second = 1_000;
const minute = 60 * second;

/** How long RDS takes, in milliseconds of the clock. Real work of the data plane comes on top where it is slower. */
export const defaultTimings = {
  /** Between the answer of CreateBlueGreenDeployment and its first task. */
  provisioningStart: 30 * second,
  createReplica: 12 * minute,
  upgradeEngine: 10 * minute,
  configureBackups: 5 * minute,
  createTopology: 8 * minute,
  createEndpoints: minute,
  /** How long green's instances are still busy after the deployment says AVAILABLE. */
  settleMembers: 3 * minute,
  /** From the accepted switchover call to the end of the guardrails; members show the switchover only then. */
  guardrails: 10 * second,
  /** From the swap of the endpoints to SWITCHOVER_COMPLETED. */
  finishSwitchover: 30 * second,
  /**
   * For how long after SWITCHOVER_COMPLETED RDS keeps applications from old blue. A model: documented is a read-only default alone, which a
   * session can override; whether RDS keeps sessions out, and for how long, is unproven on AWS. Long enough for a user's own fence to stand, also
   * where a run's minutes pass thirty times faster than the functions and servers of a busy machine work.
   */
  guardOldBlue: 3 * minute,
  deleteDeployment: minute,
  /** A copy-on-write clone of a cluster, and an instance that is added to one. */
  cloneCluster: 6 * minute,
  addInstance: 8 * minute,
  /** A restore to a point in time, and the first backup of what it made. */
  restoreInstance: 20 * minute,
  firstBackup: 5 * minute,
  /** After a changing call a database still says `available` for so long. */
  notice: 2 * second,
  securityGroups: 15 * second,
  modify: 2 * minute,
  /** From the answer of ModifyDBParameterGroup to a dynamic parameter being in force. */
  applyParameter: 10 * second,
  reboot: minute,
  rename: 2 * minute,
  snapshot: 5 * minute,
  deleteDatabase: 5 * minute,
  /** How often replication lag is measured, as CloudWatch shows it. */
  metricPeriod: minute,
  /** By how much an event is ahead of what the API shows. */
  eventLead: 2 * second,
};

export type Timings = typeof defaultTimings;
