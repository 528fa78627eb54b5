import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  type HistoryEvent,
  type SFNClient,
} from '@aws-sdk/client-sfn';
import { type OpenToken, openTokens } from '../functions/aws/step-functions/open-token.ts';
import { type Described, readStanding, type Standing } from './run-status.ts';

/** Reads one execution with your own credentials: how it is described, and how it stands. */
export async function readOne(
  client: SFNClient,
  executionArn: string,
): Promise<{ run: Described; standing: Standing }> {
  const { status = '', error, cause } = await client.send(new DescribeExecutionCommand({ executionArn }));
  const events = await readHistory(client, executionArn);
  const tokens: OpenToken[] = [];
  for await (const token of openTokens(backwards(events))) tokens.push(token);
  const run = { executionArn, status, error, cause };
  return { run, standing: readStanding(run, events, tokens) };
}

async function readHistory(client: SFNClient, executionArn: string): Promise<HistoryEvent[]> {
  const events: HistoryEvent[] = [];
  let nextToken: string | undefined;
  do {
    const page = await client.send(
      new GetExecutionHistoryCommand({ executionArn, maxResults: 1_000, nextToken }),
    );
    events.push(...(page.events ?? []));
    nextToken = page.nextToken;
  } while (nextToken);
  return events;
}

async function* backwards(events: HistoryEvent[]): AsyncGenerator<HistoryEvent> {
  yield* events.toReversed();
}
