import type { SideReading } from '../../domain/cut/production-side.ts';
import type { Deployment } from '../../domain/model/deployment.ts';
import { readRecord } from '../rds/deployment.ts';
import { readProductionId } from '../rds/names.ts';
import { readInstance } from '../rds/read.ts';
import { orUnreadable } from '../readings.ts';

/** One reading of where production is. It never throws: a part that cannot be read is returned as unreadable. */
export async function readServing({ database, blue, id }: Deployment): Promise<SideReading> {
  const [production, members, deployment] = await Promise.all([
    orUnreadable(readProductionId(database).then((found) => found ?? null)),
    // Blue is as it was before the cut here, so these are the names that production keeps.
    orUnreadable(Promise.all(blue.members.map((member) => readResourceId(member.id)))),
    orUnreadable(readStatus(id ?? '')),
  ]);
  return { production, members, deployment };
}

async function readResourceId(name: string): Promise<string | null> {
  return (await readInstance(name))?.DbiResourceId ?? null;
}

async function readStatus(id: string): Promise<{ status: string; pairs: string[] } | null> {
  const record = await readRecord(id);
  return record ? { status: record.status, pairs: record.pairs.map(({ status }) => status) } : null;
}
