/** AWS as it is modelled. Milliseconds: from traces and guides, see `docs/way-back.md`. */
export const awsLatency = { transition: 50, warm: 30, cold: 600, kept: 300_000 };

/** From the swap of the names to SWITCHOVER_COMPLETED, as public traces have it. Seconds. */
export const tracedCompletion = 62;
