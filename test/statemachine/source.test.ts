import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fileOf, renderMachine, sources } from '../../commands/write-machines.ts';
import { pass, task } from '../../statemachine/source/blue-green-deployment/names.ts';
import * as policies from '../../statemachine/source/policies.ts';
import { allStates, machines } from './machine.ts';

const folder = join(import.meta.dirname, '..', '..', 'statemachine', 'source');
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.ts'),
);
const textOf = (file: string) => readFileSync(join(folder, file), 'utf8');
const list: [name: string, policy: policies.Retry][] = Object.entries(policies);

describe('the files of the machines', () => {
  it('are all written from a source', () => {
    expect(Object.keys(sources).sort()).toEqual(machines.map(({ name }) => name).sort());
  });

  it.each(Object.entries(sources))('%s is what its source says', (name, source) => {
    expect(readFileSync(fileOf(name), 'utf8'), 'run npm run machines').toBe(renderMachine(name, source));
  });

  it.each(machines)('$name has every state once in its source', ({ name, machine }) => {
    const state =
      /^ {2,4}(?:'([^']+)'|(\w+)): (?:task|wait|hook|start|choice|pass|pause|each|fail|succeed)\w*\(/gm;
    // What several machines have is at the top.
    const shared = JSON.stringify(machine).includes('Wait for approval')
      ? ['approval-of-a-group.ts', 'hand-over.ts', 'warming.ts']
      : [];
    const described = files
      .filter((file) => file.startsWith(`${name}/`) || shared.includes(file))
      .flatMap((file) => [...textOf(file).matchAll(state)].map(([, quoted, bare]) => quoted ?? bare));
    const written = allStates(machine).map(([one]) => one);
    expect(described.sort()).toEqual(written.sort());
  });
});

describe('a retry policy', () => {
  const contentOf = ({ Comment: _, ...policy }: policies.Retry) => JSON.stringify(policy);

  it('is written once', () => {
    expect(files.filter((file) => /IntervalSeconds|BackoffRate|MaxAttempts/.test(textOf(file)))).toEqual([
      'policies.ts',
    ]);
    expect(new Set(list.map(([, policy]) => contentOf(policy))).size).toBe(list.length);
    const written = textOf('policies.ts').match(/IntervalSeconds: \d/g) ?? [];
    expect(written).toHaveLength(list.length);
  });

  it('of a state is one of the list, and each of the list is used', () => {
    const used = machines.flatMap(({ machine }) =>
      allStates(machine).flatMap(([, { Retry = [] }]) => Retry.map((retry) => JSON.stringify(retry))),
    );
    expect(new Set(used)).toEqual(new Set(list.map(([, policy]) => JSON.stringify(policy))));
  });

  it.each(list)('%s waits as long as its Comment says', (_name, policy) => {
    const { IntervalSeconds, BackoffRate, MaxDelaySeconds = Number.POSITIVE_INFINITY, MaxAttempts } = policy;
    const delays = Array.from({ length: MaxAttempts }, (_, attempt) =>
      Math.min(MaxDelaySeconds, IntervalSeconds * BackoffRate ** attempt),
    );
    const [, single, most, times] =
      /^(\d+) s, (?:growing by half to (\d+) s, )?(\d+) times/.exec(policy.Comment) ?? [];
    const said = single
      ? Array.from({ length: Number(times) }, (_, attempt) =>
          most ? Math.min(Number(most), Number(single) * 1.5 ** attempt) : Number(single),
        )
      : (/^[\d, and]+ s/.exec(policy.Comment)?.[0].match(/\d+/g) ?? []).map(Number);
    expect(said).toHaveLength(MaxAttempts);
    // Said in whole seconds.
    expect(said.filter((seconds, index) => Math.abs(seconds - (delays[index] ?? 0)) > 0.5)).toEqual([]);
  });
});

describe('a catch', () => {
  it('keeps what it has caught in one form, written once', () => {
    const written = files.filter((file) => textOf(file).includes("'error': $states.errorOutput.Error"));
    expect(written).toEqual(['failures.ts']);
  });
});

describe('names in the source', () => {
  it('do not compile when they are misspelt', () => {
    const right = { comment: 'Any.', given: ['request'], seconds: 60, retry: [], failed: 'Notify' } as const;
    // @ts-expect-error: no state has this name
    pass({ comment: 'Any.', assign: {}, next: 'Notfy' });
    // @ts-expect-error: no state has this name
    task({ ...right, failed: 'Notfy', next: 'Notify' });
    // @ts-expect-error: no variable has this name
    task({ ...right, given: ['requst'], next: 'Notify' });
    // @ts-expect-error: no end has this name
    pass({ comment: 'Any.', assign: { end: 'Green serves' }, next: 'Notify' });
    // @ts-expect-error: no error has this name
    task({ ...right, caught: [{ errors: ['BlueGreen.Bussy'], next: 'Notify' }], next: 'Notify' });
    expect(task({ ...right, next: 'Notify' })('Any')).toMatchObject({ Type: 'Task', Next: 'Notify' });
  });
});
