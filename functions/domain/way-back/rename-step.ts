/** A database under the name that it has now. */
export interface NamedDatabase {
  id: string;
  /** By the name that it has now. */
  arn: string;
  resourceId: string;
  status: string;
  endpoint: string;
  /** The name that it is to get; it still has the old one, and may still be `available`. */
  pendingId: string | null;
}

export interface Named {
  /** Resource id that the name of production leads to; null when nothing has it. */
  production: string | null;
  /** What production goes back to. */
  target: NamedDatabase | undefined;
  green: NamedDatabase | undefined;
}

export type RenameStep =
  | { kind: 'rename'; from: string; to: string }
  | { kind: 'busy'; because: string }
  | { kind: 'done' }
  | { kind: 'unclear'; because: string };

const longestName = 63;

/** What new production is called once it has given the name away. */
export function abandonedName(production: string): string {
  return `${production.slice(0, longestName - '-new1'.length).replace(/-$/, '')}-new1`;
}

/**
 * The next step of giving the name of production to the rollback target: first new production gives it away, then the target takes it. Read
 * anew before every step, so that it can be asked at any time.
 */
export function nextRename(name: string, { production, target, green }: Named): RenameStep {
  if (!target || !green)
    return { kind: 'unclear', because: `${target ? 'new production' : 'the rollback target'} is not there` };
  const settling = [target, green].find(
    ({ status, endpoint, pendingId }) => status !== 'available' || !endpoint || pendingId !== null,
  );
  if (production !== null && production !== target.resourceId && production !== green.resourceId) {
    return { kind: 'unclear', because: `${name} leads to ${production}, which is neither side` };
  }
  if (settling) {
    const { id, resourceId, status, pendingId } = settling;
    return {
      kind: 'busy',
      because: `${id} (${resourceId}) is ${pendingId ? `to become ${pendingId}` : status}`,
    };
  }
  if (target.id === name) return { kind: 'done' };
  if (green.id === name) return { kind: 'rename', from: name, to: abandonedName(name) };
  return { kind: 'rename', from: target.id, to: name };
}

/** Whether a rename that was asked for is still to be seen. @param renamed the name that was given; null: none was */
export function isRenameOpen(renamed: string | null, { target, green }: Named): boolean {
  return renamed !== null && target?.id !== renamed && green?.id !== renamed;
}
