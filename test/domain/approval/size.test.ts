import { describe, expect, it } from 'vitest';
import { describeSize, type Peaks } from '../../../functions/domain/approval/size.ts';
import type { Side } from '../../../functions/domain/model/deployment.ts';
import { hardwareOf } from '../../../functions/domain/model/instance-class.ts';
import { read, unreadable } from '../../../functions/domain/model/reading.ts';

const side = (instanceClass: string): Side =>
  ({
    members: [
      { role: 'reader', instanceClass: 'db.t4g.micro' },
      { role: 'writer', instanceClass },
    ],
  }) as Side;
const GiB = 2 ** 30;
const busy: Peaks = { cpu: 63, freeMemory: 12 * GiB, connections: 210 };

describe('a green that has just what blue needed', () => {
  it('is told to be full', () => {
    const peaks = read({ cpu: 50, freeMemory: 16 * GiB, connections: null });
    const told = describeSize(side('db.r6g.xlarge'), side('db.r6g.large'), peaks);
    expect(told).toMatch(
      /about 100 % of the CPU, MORE THAN IT HAS, and 16\.0 of 16 GiB of memory, MORE THAN IT HAS$/,
    );
  });
  it('is told without a class where it has no writer', () => {
    const none = { members: [] } as unknown as Side;
    expect(describeSize(none, undefined, undefined)).toBe(
      'not known -> not known, and becomes production so',
    );
  });
});

describe('what a class has', () => {
  it.each([
    ['db.r6g.large', { vcpus: 2, memoryGiB: 16 }],
    ['db.r7g.4xlarge', { vcpus: 16, memoryGiB: 128 }],
    ['db.m6gd.xlarge', { vcpus: 4, memoryGiB: 16 }],
    ['db.t4g.medium', { vcpus: 2, memoryGiB: 4 }],
    ['db.x2iedn.8xlarge', { vcpus: 32, memoryGiB: 1_024 }],
    ['db.serverless', undefined],
    ['db.r6g.tiny', undefined],
    ['db.r5.8xlarge.tpc2.mem3x', undefined],
    ['db.q9.large', undefined],
  ])('%s', (name, expected) => {
    expect(hardwareOf(name)).toEqual(expected);
  });
});

describe('what the approvers are told of the size', () => {
  it.each<
    [
      what: string,
      from: string,
      to: string | undefined,
      peaks: Parameters<typeof describeSize>[2],
      text: string,
    ]
  >([
    [
      'a green of half the size',
      'db.r6g.xlarge',
      'db.r6g.large',
      read(busy),
      'db.r6g.xlarge -> db.r6g.large, and becomes production so. In 14 days blue needed at most 63 % of its CPU, 20.0 of 32 GiB of memory, 210 connections; on green that is about 126 % of the CPU, MORE THAN IT HAS, and 20.0 of 16 GiB of memory, MORE THAN IT HAS',
    ],
    [
      'a larger green',
      'db.r6g.xlarge',
      'db.r6g.2xlarge',
      read(busy),
      'db.r6g.xlarge -> db.r6g.2xlarge, and becomes production so. In 14 days blue needed at most 63 % of its CPU, 20.0 of 32 GiB of memory, 210 connections; on green that is about 32 % of the CPU, and 20.0 of 64 GiB of memory',
    ],
    [
      'the same class',
      'db.r6g.large',
      'db.r6g.large',
      read({ ...busy, freeMemory: null }),
      'the class of blue, db.r6g.large. In 14 days blue needed at most 63 % of its CPU, an unknown part of its memory, 210 connections',
    ],
    [
      'a class that is not known',
      'db.r6g.large',
      'db.q9.large',
      read(busy),
      'db.r6g.large -> db.q9.large, and becomes production so. In 14 days blue needed at most 63 % of its CPU, 4.0 of 16 GiB of memory, 210 connections. What that is on green is not known: one of the classes is in no table of Viridian',
    ],
    [
      'nothing measured',
      'db.r6g.large',
      'db.r7g.large',
      read({ cpu: null, freeMemory: null, connections: null }),
      'db.r6g.large -> db.r7g.large, and becomes production so. In 14 days blue needed at most an unknown share of its CPU, an unknown part of its memory, an unknown number of connections',
    ],
    [
      'CloudWatch that cannot be read',
      'db.r6g.large',
      'db.r6g.large',
      unreadable('AccessDenied: no'),
      'the class of blue, db.r6g.large. What blue needed is not known: AccessDenied: no',
    ],
    [
      'no green',
      'db.r6g.large',
      undefined,
      undefined,
      'db.r6g.large -> not known, and becomes production so',
    ],
  ])('%s', (_, from, to, peaks, text) => {
    expect(describeSize(side(from), to === undefined ? undefined : side(to), peaks)).toBe(text);
  });
});
