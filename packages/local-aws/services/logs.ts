import type { FilterLogEventsRequest, FilterLogEventsResponse } from '@aws-sdk/client-cloudwatch-logs';
import type { Clock } from '../clock.ts';
import { readPlace, writePageToken } from '../wire/page-token.ts';
import { AwsError, type Service } from '../wire/service.ts';

interface Line {
  timestamp: number;
  message: string;
}

/** Lines of one page. AWS's pages are bounded by 10,000 lines and 1 MB; short ones show a client that stops after the first. */
const linesPerPage = 100;

/**
 * CloudWatch Logs as far as lines are looked up: groups to which functions write, and a filter of quoted terms that all stand in a line.
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
 */
export class LogsService implements Service {
  readonly name = 'logs';
  readonly operations: Service['operations'] = {
    FilterLogEvents: (input: FilterLogEventsRequest) => this.#filter(input),
  };
  readonly #clock: Pick<Clock, 'now'>;
  readonly #groups = new Map<string, Line[]>();

  constructor({ clock }: { clock: Pick<Clock, 'now'> }) {
    this.#clock = clock;
  }

  createGroup(name: string): void {
    this.#groups.set(name, []);
  }

  /** Keeps a line that was written to standard output. */
  write(group: string, message: string): void {
    this.#groups.get(group)?.push({ timestamp: this.#clock.now(), message });
  }

  #filter(input: FilterLogEventsRequest): FilterLogEventsResponse {
    const { logGroupName = '', filterPattern = '', startTime = 0, endTime = Infinity, nextToken } = input;
    const lines = this.#groups.get(logGroupName);
    if (!lines) throw new AwsError('ResourceNotFoundException', 'The specified log group does not exist.');
    const terms = readTerms(filterPattern);
    const found = lines.filter(
      ({ timestamp, message }) =>
        timestamp >= startTime && timestamp < endTime && terms.every((term) => message.includes(term)),
    );
    const from = readPlace(nextToken);
    if (Number.isNaN(from))
      throw new AwsError('InvalidParameterException', 'The specified nextToken is invalid.');
    if (startTime > endTime)
      throw new AwsError('InvalidParameterException', 'End time should be greater than start time.');
    const events = found.slice(from, from + linesPerPage);
    const next = from + linesPerPage;
    return { events, ...(next < found.length && { nextToken: writePageToken(next) }) };
  }
}

/** Terms in quotes, with a blank between two. @throws on any other pattern: it is not evaluated here */
function readTerms(pattern: string): string[] {
  if (!/^(?:"[^"]*"(?: |$))*$/.test(pattern))
    throw new AwsError('InvalidParameterException', `The filter pattern ${pattern} is not evaluated here.`);
  return [...pattern.matchAll(/"([^"]*)"/g)].map(([, term]) => term as string);
}
