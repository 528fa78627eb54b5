import { DescribeEventsCommand } from '@aws-sdk/client-rds';
import { rdsReader } from '../clients/rds.ts';
import { readAllPages } from './read.ts';

/** An event of RDS. It gives reasons, never a verdict: delivery is best effort and unordered. */
export interface RdsEvent {
  /** Milliseconds since the epoch. */
  at: number;
  source: string;
  categories: string[];
  message: string;
}

/**
 * Events of a deployment and of its databases, newest first (`DescribeEvents`, which keeps 14 days). Whether RDS writes the id or
 * the name of a deployment as their source is not documented, so all are read and matched here.
 * @param names of the deployment and of its databases, as they are or were called
 * @param since milliseconds since the epoch
 * @param category of the events that are asked for: an account with many databases has pages of others
 */
export async function readEvents(names: string[], since: number, category?: string): Promise<RdsEvent[]> {
  const wanted = new Set(names.map((name) => name.toLowerCase()));
  const asked = { StartTime: new Date(since), ...(category && { EventCategories: [category] }) };
  const all = await readAllPages(
    (Marker) => rdsReader().send(new DescribeEventsCommand({ ...asked, Marker })),
    (page) => page.Events,
  );
  return all
    .filter(({ SourceIdentifier = '' }) => wanted.has(SourceIdentifier.toLowerCase()))
    .map(({ Date: date, SourceIdentifier = '', EventCategories = [], Message = '' }) => ({
      at: date?.getTime() ?? 0,
      source: SourceIdentifier,
      categories: EventCategories,
      message: Message,
    }))
    .sort((a, b) => b.at - a.at);
}

/** Texts of the failure events, newest first. */
export async function readFailures(names: string[], since: number): Promise<string[]> {
  const events = await readEvents(names, since, 'failure');
  return events.map(({ message }) => message);
}
