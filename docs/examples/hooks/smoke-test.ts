import { type Done, type HookEvent, hook, type Stages } from './hook.ts';
import { fetchStatements, type Rows, withSide } from './sql.ts';

/** A statement holds when its first row begins with true, or with a number other than 0. */
const holds = ([row]: Rows) => {
  const [first] = Object.values(row ?? {});
  return first === true || Number(first) > 0;
};

/** Runs every statement of the file; all that do not hold are told, by their names and never with what they have read. */
async function test(event: HookEvent): Promise<Done> {
  const statements = await fetchStatements();
  const failed = await withSide(event, event.endpoint, async (run) => {
    const found: string[] = [];
    for (const { name, text } of statements)
      await run(text).then(
        (rows) => {
          if (!holds(rows)) found.push(name);
        },
        (error: { code?: string }) => found.push(`${name} (${error.code ?? 'failed'})`),
      );
    return found;
  });
  if (failed.length > 0)
    throw new Error(`${failed.length} of ${statements.length} statements do not hold: ${failed.join(', ')}`);
  return { because: `${statements.length} statements hold`, facts: { statements: statements.length } };
}

/** The same file before the cut, on green, and after it, on new production. */
export const stages: Stages = { testGreen: test, verifyProduction: test };

export const handler = hook(stages);
