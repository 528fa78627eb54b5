import type { Kept } from '../../domain/close/put-back.ts';
import type { RawSide } from '../rds/side.ts';
import { iamRoles } from './iam-roles.ts';

/** Compares the former production with the side that serves. A kind is a file beside this one, with an entry here. */
type Kind = (former: RawSide, serving: RawSide) => Kept[] | Promise<Kept[]>;

const kinds: readonly Kind[] = [iamRoles];

/** Everything that a deployment drops and a call can put back. */
export async function readKept(former: RawSide, serving: RawSide): Promise<Kept[]> {
  return (await Promise.all(kinds.map((kind) => kind(former, serving)))).flat();
}
