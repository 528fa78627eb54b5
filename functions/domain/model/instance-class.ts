/** What an instance class has. */
export interface Hardware {
  vcpus: number;
  memoryGiB: number;
}

/** GiB for each vCPU, by family. Source: RDS User Guide, "Hardware specifications for DB instance classes". */
const memoryPerVcpu: readonly [family: RegExp, gibibytes: number][] = [
  [/^m[4-8][a-z]*$/, 4],
  [/^r[5-8][a-z]*$/, 8],
  [/^c6gd$/, 2],
  [/^x2g$/, 16],
  [/^x2idn$/, 16],
  [/^x2iedn$/, 32],
  [/^z1d$/, 8],
];

/** Classes that may use more CPU for a while have their own sizes. The same source. */
const burstable: Readonly<Record<string, Hardware>> = {
  micro: { vcpus: 2, memoryGiB: 1 },
  small: { vcpus: 2, memoryGiB: 2 },
  medium: { vcpus: 2, memoryGiB: 4 },
  large: { vcpus: 2, memoryGiB: 8 },
  xlarge: { vcpus: 4, memoryGiB: 16 },
  '2xlarge': { vcpus: 8, memoryGiB: 32 },
};

/** Hardware of a class such as `db.r7g.large`; undefined for one that is not in the tables, as `db.serverless`. */
export function hardwareOf(instanceClass: string): Hardware | undefined {
  const parts = /^db\.(?<family>[a-z0-9]+)\.(?<size>[a-z0-9]+)$/.exec(instanceClass)?.groups;
  if (!parts) return undefined;
  const { family, size } = parts as Record<'family' | 'size', string>;
  if (/^t(3|4g)$/.test(family)) return burstable[size];
  const perVcpu = memoryPerVcpu.find(([pattern]) => pattern.test(family))?.[1];
  const vcpus = vcpusOf(size);
  return perVcpu === undefined || vcpus === undefined ? undefined : { vcpus, memoryGiB: vcpus * perVcpu };
}

/** `large` has 2, `xlarge` 4, and `4xlarge` four times that. */
function vcpusOf(size: string): number | undefined {
  if (size === 'large') return 2;
  const times = /^(\d*)xlarge$/.exec(size)?.[1];
  return times === undefined ? undefined : 4 * Number(times || 1);
}
