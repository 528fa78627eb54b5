import { foldLookalikes } from './lookalikes.ts';

/**
 * The names that a person may be known by: as it looks, the last part of an ARN (session or user name), what stands before the @ of an
 * address, and for a session its role. Widened on purpose: two persons who look like one are refused, one who looks like two is
 * not let through.
 */
function aliasesOf(name: string): string[] {
  const aliases = foldLookalikes(name).flatMap((written) => {
    const last = written.split('/').at(-1) ?? '';
    return [written, last, written.split('@')[0] ?? '', last.split('@')[0] ?? ''];
  });
  return [...aliases, ...roleOf(name)].filter(Boolean);
}

/** Roles of IAM Identity Center: it names their sessions after the user itself. */
const namedByAws = /^AWSReservedSSO_/;

/**
 * The role of a session. Whoever assumes a role names the session, so that all sessions of a role count as one person; API Gateway
 * hands on no source identity that could tell them apart.
 */
function roleOf(name: string): string[] {
  const [, partition, account, role = ''] =
    /^arn:(aws[a-z-]*):sts::(\d{12}):assumed-role\/([^/]+)\/.+$/.exec(name) ?? [];
  if (role === '' || namedByAws.test(role)) return [];
  return foldLookalikes(`arn:${partition}:iam::${account}:role/${role}`);
}

/** Whether two names may be those of one person. Nobody is not the same as anybody. */
export function isSamePerson(name: string, other: string | undefined): boolean {
  if (!other) return false;
  const known = aliasesOf(other);
  return aliasesOf(name).some((alias) => known.includes(alias));
}
