import type { TaggedCopy } from '../../../functions/domain/on-copy/left.ts';
import { arnOf } from '../sample.ts';

/** A database with the tag of a rehearsal: the copy itself, which nobody has touched. */
export function copyOf(more: Partial<TaggedCopy> = {}): TaggedCopy {
  const { name = 'viridian-copy-orders-1' } = more;
  return {
    kind: 'instance',
    name,
    arn: arnOf(name),
    status: 'available',
    protection: false,
    cluster: null,
    dependents: [],
    tags: { 'viridian:copy': 'r1' },
    ...more,
  };
}
