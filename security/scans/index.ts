import type { Scan } from '../finding.ts';
import { advisories } from './advisories.ts';
import { dast } from './dast.ts';
import { cloudFormation, infrastructure } from './iac.ts';
import { iam } from './iam.ts';
import { licences } from './licences.ts';
import type { Packaged } from './packaged.ts';
import { sast } from './sast.ts';
import { secrets } from './secrets.ts';

/** Every scan, in the order of the table. */
export const scansOf = (root: string, { file, resources }: Packaged): Scan[] => [
  sast(root),
  dast(root),
  advisories(root),
  secrets(root),
  cloudFormation(file),
  infrastructure(file),
  iam(resources),
  licences(root),
];
