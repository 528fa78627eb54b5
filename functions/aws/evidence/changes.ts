import { FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import type { ChangeLine } from '../../domain/evidence/record.ts';
import { logs } from '../clients/logs.ts';
import { parseObject } from '../step-functions/history-payload.ts';

/**
 * Reads what functions have logged about the changing calls of an execution (`FilterLogEvents`), group after group: AWS answers few of these calls
 * a second.
 * @param from @param to milliseconds since the epoch
 */
export async function readChanges(
  groups: readonly string[],
  executionArn: string,
  { from, to }: { from: number; to: number },
): Promise<ChangeLine[]> {
  const lines: ChangeLine[] = [];
  for (const logGroupName of groups) {
    let nextToken: string | undefined;
    do {
      const page = await logs().send(
        new FilterLogEventsCommand({
          logGroupName,
          filterPattern: `"change." "${executionArn}"`,
          startTime: from,
          endTime: to,
          nextToken,
        }),
      );
      for (const { message = '', timestamp = 0 } of page.events ?? [])
        lines.push(...read(message, timestamp, executionArn));
      nextToken = page.nextToken;
    } while (nextToken);
  }
  return lines;
}

/** A line that only mentions the execution, or that begins with its name, is another one's. */
function read(message: string, at: number, executionArn: string): ChangeLine[] {
  const fields = parseObject(message.slice(Math.max(0, message.indexOf('{'))));
  const event = String(fields?.event);
  if (!fields || fields.executionArn !== executionArn || !event.startsWith('change.')) return [];
  return [{ event, at, fields }];
}
