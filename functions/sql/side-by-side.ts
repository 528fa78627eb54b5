/**
 * So many databases of a server are asked at the same time. Signing in is the longest part of a short question, and a small server has a
 * hundred connections or fewer.
 */
export const together = 5;

/**
 * Asks for each of these, some at the same time, and keeps the answers in their order. After a failure nothing more is begun, and
 * it rejects once everything that was begun has ended: nothing goes on behind the back of whoever asked. The first by order is told.
 */
export async function sideBySide<Item, T>(
  items: readonly Item[],
  ask: (item: Item) => Promise<T>,
): Promise<T[]> {
  const answers = new Map<number, T>();
  const failures = new Map<number, unknown>();
  const open = [...items.entries()];
  const work = async () => {
    for (let next = open.shift(); next && failures.size === 0; next = open.shift()) {
      const [index, item] = next;
      await ask(item).then(
        (answer) => answers.set(index, answer),
        (error: unknown) => failures.set(index, error),
      );
    }
  };
  await Promise.all(Array.from({ length: together }, work));
  if (failures.size > 0) throw failures.get(Math.min(...failures.keys()));
  return items.map((_item, index) => answers.get(index) as T);
}

/** One after the other, for what takes a lock of the whole server: two at the same time would wait for each other for ever. */
export async function inTurn<Item>(
  items: readonly Item[],
  work: (item: Item) => Promise<unknown>,
): Promise<void> {
  for (const item of items) await work(item);
}
