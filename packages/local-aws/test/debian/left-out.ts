import { CannotUnpack, OutOfReach } from '../../debian/apt.ts';
import { CannotStart } from '../../servers/cannot-start.ts';

/**
 * Looks whether tests have the programs that they need.
 * @param find rejects where they cannot be had
 * @returns why the tests are left out, after a line that says so; undefined where they are not. With `CI` set nothing is left out but what no change of
 * this project could bring: on a machine without apt, or without a network.
 */
export async function whyLeftOut(find: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await find();
    return undefined;
  } catch (failure) {
    const isMissing = failure instanceof CannotStart || failure instanceof CannotUnpack;
    if (!isMissing || (process.env.CI && !isOutOfReach(failure))) throw failure;
    console.log(`left out: ${failure.message}`);
    return failure.message;
  }
}

const isOutOfReach = (failure: Error): boolean =>
  failure instanceof OutOfReach || failure.cause instanceof OutOfReach;
