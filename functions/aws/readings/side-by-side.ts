/** What becomes of readings that were begun: each by its name, without those that were not to be made. */
type Answers<Readings> = {
  [Name in keyof Readings as undefined extends Readings[Name] ? never : Name]: Awaited<Readings[Name]>;
} & {
  [Name in keyof Readings as undefined extends Readings[Name] ? Name : never]?: Awaited<
    Exclude<Readings[Name], undefined>
  >;
};

/** Waits for readings that do not depend on each other. The first that fails fails all. `undefined` stands for one that is not to be made. */
export async function sideBySide<Readings extends Record<string, Promise<unknown> | undefined>>(
  readings: Readings,
): Promise<Answers<Readings>> {
  const begun = Object.entries(readings).filter(([, reading]) => reading !== undefined);
  const answers = await Promise.all(begun.map(async ([name, reading]) => [name, await reading]));
  return Object.fromEntries(answers);
}
