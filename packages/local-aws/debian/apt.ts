import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Debian's own keys; packages whose index is not signed by one of them are not taken. */
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** Suites that have security updates of their own; sid has none. */
const WITH_UPDATES = ['bullseye', 'bookworm', 'trixie'];

/** Programs of another system cannot be had: the message says why. */
export class CannotUnpack extends Error {}

/** Nothing that is ours could change that: this machine has no apt, or the archive does not answer. */
export class OutOfReach extends CannotUnpack {}

/** As apt says that nobody answers at the address of the archive, or of the proxy before it. */
const noAnswer = /Could not (connect|resolve)|Temporary failure resolving|Unable to connect|timed out/i;

/** @returns why this machine cannot unpack Debian packages; undefined when it can try. */
export function whyNoDebian(keyring = KEYRING): string | undefined {
  if (process.platform !== 'linux') return 'Debian packages are for Linux';
  const missing = ['apt-get', 'apt-cache', 'dpkg'].filter((program) => !isInstalled(program));
  if (missing.length > 0) return `this machine has no ${missing.join(', ')}`;
  return existsSync(keyring)
    ? undefined
    : `${keyring} is missing, with which packages are verified (package debian-archive-keyring)`;
}

function isInstalled(program: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/**
 * apt with a configuration of its own in one folder: sources, lists and cache. Nothing of the system's is read but how it reaches the
 * network, and nothing is written outside of the folder; no right of root is needed.
 */
export class Apt {
  readonly #folder: string;

  constructor(folder: string, suite: string) {
    this.#folder = folder;
    for (const part of ['lists/partial', 'cache/archives/partial', 'none'])
      mkdirSync(join(folder, part), { recursive: true });
    writeFileSync(join(folder, 'sources.list'), sourcesOf(suite));
    writeFileSync(join(folder, 'apt.conf'), this.#configuration());
  }

  /** Fetches the index and verifies its signature: about 10 MB. */
  async update(): Promise<void> {
    await this.#run('apt-get', ['-q', 'update', '--error-on=any']);
  }

  /** What each package depends on, for these packages and everything below them. */
  async dependencies(packages: readonly string[]): Promise<Map<string, string[]>> {
    const without = ['recommends', 'suggests', 'conflicts', 'breaks', 'replaces', 'enhances'];
    const flags = ['--recurse', ...without.map((kind) => `--no-${kind}`)];
    return readDependencies(await this.#run('apt-cache', ['depends', ...flags, ...packages]));
  }

  /** Downloads packages into a folder; apt verifies each by the hash in the signed index. */
  async download(packages: readonly string[], to: string): Promise<void> {
    await this.#run('apt-get', ['-q', 'download', ...packages], to);
  }

  async #run(program: string, args: string[], cwd = this.#folder): Promise<string> {
    const environment = { ...process.env, APT_CONFIG: join(this.#folder, 'apt.conf'), LC_ALL: 'C' };
    try {
      return (await run(program, args, { cwd, env: environment, maxBuffer: 64 << 20 })).stdout;
    } catch (failure) {
      const { stderr = '', message } = failure as Error & { stderr?: string };
      const told = stderr.split('\n').filter((line) => line.startsWith('E: '));
      const Kind = noAnswer.test(stderr) ? OutOfReach : CannotUnpack;
      throw new Kind(
        `${program} ${args.find((one) => !one.startsWith('-'))}: ${told.slice(0, 3).join(' ') || message}`,
      );
    }
  }

  #configuration(): string {
    const settings = {
      'Dir::State::Lists': join(this.#folder, 'lists'),
      'Dir::State::status': '/dev/null',
      'Dir::Cache': join(this.#folder, 'cache'),
      'Dir::Etc::SourceList': join(this.#folder, 'sources.list'),
      'Dir::Etc::SourceParts': join(this.#folder, 'none'),
      'Dir::Etc::Preferences': '/dev/null',
      'Dir::Etc::PreferencesParts': join(this.#folder, 'none'),
      'Acquire::Languages': 'none',
      'Acquire::http::Timeout': '20',
      'Acquire::Retries': '1',
      // The folder is ours and closed to apt's own account.
      'APT::Sandbox::User': '',
    };
    const lines = Object.entries(settings).map(([name, value]) => `${name} "${value}";`);
    // Hooks and other kinds of index of this machine are not for us.
    return `#clear DPkg::Pre-Install-Pkgs;\n#clear APT::Update::Post-Invoke;\n#clear APT::Update::Post-Invoke-Success;\n${lines.join('\n')}\n`;
  }
}

function sourcesOf(suite: string): string {
  const from = (address: string, name: string) => `deb [signed-by=${KEYRING}] ${address} ${name} main`;
  const main = from('http://deb.debian.org/debian', suite);
  if (!WITH_UPDATES.includes(suite)) return `${main}\n`;
  return `${main}\n${from('http://deb.debian.org/debian-security', `${suite}-security`)}\n`;
}

/** Reads what `apt-cache depends --recurse` prints: a package at the margin, what it needs indented, alternatives behind a bar. */
export function readDependencies(text: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  let needs: string[] = [];
  for (const line of text.split('\n')) {
    const margin = /^([a-z0-9][\w.+-]*)$/.exec(line)?.[1];
    if (margin) {
      needs = found.get(margin) ?? [];
      found.set(margin, needs);
    }
    const need = /^\s+\|?(?:Pre)?Depends: ([a-z0-9][\w.+-]*)$/.exec(line)?.[1];
    if (need) needs.push(need);
  }
  return found;
}
