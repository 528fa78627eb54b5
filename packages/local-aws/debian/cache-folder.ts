import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Where programs are kept between runs: `VIRIDIAN_CACHE`, or the cache folder of this user. Root has one that other accounts can pass
 * through, as servers run under an account without rights and cannot reach root's own home.
 */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  if (environment.VIRIDIAN_CACHE) return environment.VIRIDIAN_CACHE;
  if (process.getuid?.() === 0) return '/var/cache/viridian';
  return join(environment.XDG_CACHE_HOME || join(homedir(), '.cache'), 'viridian');
}
