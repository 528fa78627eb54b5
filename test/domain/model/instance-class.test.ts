import { expect, it } from 'vitest';
import { hardwareOf } from '../../../functions/domain/model/instance-class.ts';

/** RDS User Guide, "Hardware specifications for DB instance classes". */
it.each([
  ['db.m4.large', 2, 8],
  ['db.m8gd.xlarge', 4, 16],
  ['db.r7g.large', 2, 16],
  ['db.r6idn.16xlarge', 64, 512],
  ['db.r8g.48xlarge', 192, 1_536],
  ['db.c6gd.medium', undefined, undefined],
  ['db.c6gd.2xlarge', 8, 16],
  ['db.x2g.4xlarge', 16, 256],
  ['db.x2idn.16xlarge', 64, 1_024],
  ['db.x2iedn.8xlarge', 32, 1_024],
  ['db.z1d.3xlarge', 12, 96],
  ['db.t3.micro', 2, 1],
  ['db.t4g.small', 2, 2],
  ['db.t3.medium', 2, 4],
  ['db.t4g.large', 2, 8],
  ['db.t4g.xlarge', 4, 16],
  ['db.t3.2xlarge', 8, 32],
])('%s has %s vCPUs and %s GiB', (name, vcpus, memoryGiB) => {
  expect(hardwareOf(name)).toEqual(vcpus && { vcpus, memoryGiB });
});

it.each([
  'db.serverless',
  'db.t2.micro',
  'db.t3.24xlarge',
  'db.m9g.large',
  'db.r7g.huge',
  'db.r7g.xlarge2',
  'db.r7g.1axlarge',
  'db.am4.large',
  'db.m4a1.large',
  'db.r7g1.large',
  'db.ar5.large',
  'db.ac6gd.large',
  'db.c6gda.large',
  'db.ax2g.large',
  'db.x2ga.large',
  'db.ax2idn.large',
  'db.x2idna.large',
  'db.ax2iedn.large',
  'db.x2iedna.large',
  'db.az1d.large',
  'db.z1da.large',
  'db.at3.large',
  'db.t3x.large',
  'cache.r7g.large',
  'mydb.r7g.large',
  'db.r7g.large.search',
  '',
])('of %s nothing is known', (name) => {
  expect(hardwareOf(name)).toBeUndefined();
});
