import type { PackagedStack } from '../../deploy/package-stack.ts';
import type { Scan } from '../finding.ts';
import { advisories } from './advisories.ts';
import { dast } from './dast.ts';
import { cloudFormation, infrastructure } from './iac.ts';
import { iam } from './iam.ts';
import { licences } from './licences.ts';
import { sast } from './sast.ts';
import { secrets } from './secrets.ts';

/** Every scan, in the order of the table. */
export const scansOf = (root: string, { file, template }: PackagedStack): Scan[] => [
  sast(root),
  dast(root),
  advisories(root),
  secrets(root),
  cloudFormation(file),
  infrastructure(file),
  iam(template.Resources),
  licences(root),
];
