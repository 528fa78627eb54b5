/** Checks the licences of everything that is installed or deployed: `npm run licences`. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** A package as package-lock.json has it. */
interface LockedPackage {
  version?: string;
  license?: string;
  dev?: boolean;
  devOptional?: boolean;
  /** It leads to a package of this repository, which has an entry of its own. */
  link?: boolean;
}

/** The part of package-lock.json that is read. */
export interface LockFile {
  packages: Record<string, LockedPackage>;
}

/** Licences that may be deployed: they ask for nothing but their notice. */
export const deployable = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT'];
/** What only builds and tests may use further: nothing of it is in an artefact. */
const tools = [
  ...deployable,
  'BlueOak-1.0.0',
  // Tables of browsers, which Babel reads.
  'CC-BY-4.0',
  'MPL-2.0',
  'PSF-2.0',
  'Python-2.0',
  'Unlicense',
];

/** Packages whose licence is missing or not on the list, with the reason. */
export function findForeignLicences({ packages }: LockFile): string[] {
  return Object.entries(packages)
    .filter(([path, { link }]) => path !== '' && !link)
    .filter(
      ([, { license, dev, devOptional }]) => !isAllowed(license, dev || devOptional ? tools : deployable),
    )
    .map(
      ([path, { version, license }]) =>
        `${path.replace(/^node_modules\//, '')}@${version}: ${license ?? 'none'}`,
    );
}

/** A choice between licences is allowed when one of them is. */
const isAllowed = (license: string | undefined, allowed: string[]): boolean =>
  (license ?? '')
    .replace(/[()]/g, '')
    .split(' OR ')
    .some((one) => allowed.includes(one));

if (import.meta.main) {
  const file = resolve(import.meta.dirname, '..', 'package-lock.json');
  const foreign = findForeignLicences(JSON.parse(readFileSync(file, 'utf8')) as LockFile);
  for (const line of foreign) process.stderr.write(`licence not on the list: ${line}\n`);
  process.exitCode = foreign.length > 0 ? 1 : 0;
}
