import type {
  DeserializeHandler,
  DeserializeHandlerOutput,
  HandlerExecutionContext,
  MetadataBearer,
  Pluggable,
} from '@smithy/types';
import { type Ending, recordChange } from '../../runtime/changes.ts';
import { classifyError } from '../errors.ts';

/** Operations that change nothing. What is invoked records its own changes. */
const harmless = /^(Describe|Filter|Get|List|Generate|Sign|Verify|Invoke)/;

/**
 * Records every call of a client that is not known to change nothing, each time that it is sent. It stands outside of what reads the
 * answer, and inside of what sends a call again.
 */
export const recordChanges: Pluggable<object, MetadataBearer> = {
  applyToStack(stack) {
    stack.add(recordEach, { name: 'recordChanges', step: 'deserialize', priority: 'high' });
  },
};

function recordEach<Output extends MetadataBearer>(
  next: DeserializeHandler<object, Output>,
  { commandName = '' }: HandlerExecutionContext,
): DeserializeHandler<object, Output> {
  const call = commandName.replace(/Command$/, '');
  if (harmless.test(call)) return next;
  return (args) =>
    recordChange({ call, ...nameResource(args.input), id: nameSending(args.request) }, () => next(args), {
      answered,
      failed,
    });
}

/** The SDK's own id of a command, and which sending of it this is. */
function nameSending(request: unknown): string {
  const { headers = {} } = request as { headers?: Record<string, string> };
  const attempt = /attempt=(\d+)/.exec(headers['amz-sdk-request'] ?? '')?.[1];
  return `${headers['amz-sdk-invocation-id']}/${attempt}`;
}

/** Members that name something. A token, a message or a tag is none of them. */
const naming =
  /(Identifier|Arn|ParameterGroupName|^Source|^Resource(Name|Id)|^HostedZoneId|^Bucket|^Key|^(Subscription|Alarm|Policy|ScheduledAction)Name)$/;

function nameResource(input: object): { resource?: string } {
  const { ChangeBatch } = input as {
    ChangeBatch?: { Changes?: { ResourceRecordSet?: { Name?: string } }[] };
  };
  const named = Object.entries(input).filter(([member, value]) => naming.test(member) && value !== undefined);
  const records = (ChangeBatch?.Changes ?? []).map(({ ResourceRecordSet }) => [
    'Name',
    ResourceRecordSet?.Name,
  ]);
  const resource = [...named, ...records].map(([member, value]) => `${member}=${value}`).join(' ');
  return resource ? { resource } : {};
}

function answered({ output }: DeserializeHandlerOutput<MetadataBearer>): Ending {
  const resourceId = findResourceId(output ?? {});
  return { outcome: 'accepted', ...requestIdOf(output), ...(resourceId && { resourceId }) };
}

const resourceIds = ['DbiResourceId', 'DbClusterResourceId', 'BlueGreenDeploymentIdentifier'];

/** RDS answers with what it was asked about, as one object. */
function findResourceId(output: object): string | undefined {
  for (const described of Object.values(output) as (Record<string, unknown> | undefined)[])
    for (const id of resourceIds) if (typeof described?.[id] === 'string') return described[id];
  return undefined;
}

function failed(error: unknown): Ending {
  const kind = classifyError(error);
  const name = error instanceof Error ? error.name : typeof error;
  const outcome = kind === 'lost' || kind === 'foreign' ? 'unknown' : 'refused';
  return { outcome, error: name, ...requestIdOf(error) };
}

function requestIdOf(answer: unknown): { requestId?: string } {
  const { $metadata } = (answer ?? {}) as Partial<MetadataBearer>;
  return $metadata?.requestId ? { requestId: $metadata.requestId } : {};
}
