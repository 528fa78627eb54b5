import { expect, it } from 'vitest';
import { askTogether } from '../../functions/aws/rds/together.ts';
import { actAs } from '../../functions/runtime/actor.ts';

const asking = { function: 'checkParity', executionArn: 'arn:run' } as const;
const missing = () =>
  Object.assign(new Error('one of them is not there'), {
    name: 'DBInstanceNotFound',
    $metadata: { httpStatusCode: 404 },
  });

/** What goes out, and an answer that is the names themselves. */
function recorded(refuse: (names: string[]) => Error | undefined = () => undefined) {
  const calls: string[][] = [];
  const ask = askTogether(async (names) => {
    calls.push(names);
    const error = refuse(names);
    if (error) throw error;
    return names;
  });
  return { calls, ask };
}

it('asks once for what is asked side by side, and again for what is asked later', async () => {
  const { calls, ask } = recorded();
  await actAs(asking, async () => {
    expect(await Promise.all([ask(['a']), ask(['b', 'a'])])).toEqual([
      ['a', 'b'],
      ['a', 'b'],
    ]);
    await ask(['c']);
  });
  expect(calls).toEqual([['a', 'b'], ['c']]);
});

it('keeps the questions of two invocations apart', async () => {
  const { calls, ask } = recorded();
  await Promise.all([actAs(asking, () => ask(['a'])), actAs({ ...asking }, () => ask(['b']))]);
  expect(calls).toEqual([['a'], ['b']]);
});

it('asks for each alone where one is missing, so that the others do not seem gone', async () => {
  const { calls, ask } = recorded((names) => (names.includes('gone') ? missing() : undefined));
  await actAs(asking, async () => {
    const answers = await Promise.allSettled([ask(['there']), ask(['gone'])]);
    expect(answers).toMatchObject([{ value: ['there'] }, { reason: { name: 'DBInstanceNotFound' } }]);
  });
  expect(calls).toEqual([['there', 'gone'], ['there'], ['gone']]);
});

it('gives every other refusal to all that have asked', async () => {
  const throttled = Object.assign(new Error('slow down'), { name: 'ThrottlingException' });
  const { calls, ask } = recorded(() => throttled);
  await actAs(asking, async () => {
    const answers = await Promise.allSettled([ask(['a']), ask(['b'])]);
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });
  expect(calls).toHaveLength(1);
});
