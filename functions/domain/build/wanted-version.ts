import type { Deployment } from '../model/deployment.ts';
import type { Request } from '../request/request.ts';

/**
 * The version that green is to have: the one that the request names. Without one it is that of blue; of a deployment that was taken up it
 * is whatever green had when the run first saw it ready, and before that anything.
 */
export function wantedVersion(
  { target, adopt }: Pick<Request, 'target' | 'adopt'>,
  { blue, green }: Pick<Deployment, 'blue' | 'green'>,
): string | undefined {
  return target.engineVersion ?? (adopt === undefined ? blue.engineVersion : green?.engineVersion);
}
