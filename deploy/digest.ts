import { readFileSync } from 'node:fs';
import { sha256 } from '../functions/domain/evidence/ledger.ts';
import { buildAt, buildFolder } from './build.ts';
import { functionKeys } from './functions.ts';

/** SHA-256 of each artefact in the order of their names, in hexadecimal. */
export function digestsOfArtefacts(folder = buildFolder): { name: string; digest: string }[] {
  const { zip } = buildAt(folder);
  return [...functionKeys]
    .toSorted()
    .map((key) => ({ name: `${key}.zip`, digest: sha256(readFileSync(zip(key))) }));
}

/** One digest for everything that is deployed: of the lines that `sha256sum` would write of the artefacts. */
export function digestOfArtefacts(folder = buildFolder): string {
  return sha256(
    digestsOfArtefacts(folder)
      .map(({ name, digest }) => `${digest}  ${name}\n`)
      .join(''),
  );
}
