import { createHash } from 'node:crypto';

/** RDS takes 60 characters for `BlueGreenDeploymentName`. */
const longest = 60;

/**
 * Name of the deployment of a database, from the database alone: RDS refuses a second one of the same name, so creation is
 * the lock. An instance and a cluster may share a name, hence the kind. Long names keep their beginning and end in a
 * hash of the whole. Pattern of CreateBlueGreenDeployment: `[a-zA-Z](?:-?[a-zA-Z0-9]+)*`.
 */
export function deploymentName(database: { kind: 'instance' | 'cluster'; id: string }): string {
  // RDS stores identifiers in lower case, so two spellings are one database.
  const id = database.id.toLowerCase();
  const name = `viridian-${database.kind === 'cluster' ? 'cluster' : 'db'}-${id}`;
  if (name.length <= longest) {
    return name;
  }
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 10);
  return `${name.slice(0, longest - hash.length - 1).replace(/-$/, '')}-${hash}`;
}
