/** How many objects one query asks for: 5,000 sequences in one would lock all of them, for which a server has no room. */
const batchSize = 200;

/** Cuts a list into parts that one query can ask for. */
export function* inBatches<T>(items: readonly T[], size = batchSize): Generator<T[]> {
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size);
}
