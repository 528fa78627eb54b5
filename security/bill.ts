import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildAt, buildFolder } from '../deploy/build.ts';
import { digestOfArtefacts, digestsOfArtefacts } from '../deploy/digest.ts';

interface Locked {
  version?: string;
  license?: string;
  integrity?: string;
}

/**
 * Bill of materials of what is deployed, as CycloneDX 1.6 has it: the artefacts with their digests, and the packages that are bundled into
 * them, by what the bundler says and the lock file names. Tools are in the bill of `npm run sbom`.
 */
export function billOfDeployed(root: string, folder = buildFolder): object {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, Locked>;
  };
  const { metafile } = buildAt(folder);
  const places = Object.keys(metafile.inputs).map(
    (input) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0],
  );
  const packages = [...new Set(places.filter((place) => place !== undefined))].toSorted();
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      component: {
        type: 'application',
        name: 'viridian',
        version: (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string })
          .version,
        hashes: [{ alg: 'SHA-256', content: digestOfArtefacts(folder) }],
      },
    },
    components: [
      ...packages.map((place) => componentOf(place, lock.packages[place])),
      ...digestsOfArtefacts(folder).map(({ name, digest }) => ({
        type: 'file',
        name,
        hashes: [{ alg: 'SHA-256', content: digest }],
      })),
    ],
  };
}

function componentOf(place: string, locked: Locked | undefined): object {
  const name = place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length);
  if (!locked?.version) throw new Error(`${place} is bundled, and package-lock.json does not name it`);
  return {
    type: 'library',
    name,
    version: locked.version,
    purl: `pkg:npm/${name.replace('@', '%40')}@${locked.version}`,
    licenses: [{ license: { id: locked.license } }],
  };
}
