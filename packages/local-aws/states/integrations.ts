import { StateError } from './errors.ts';
import { uuid } from './functions.ts';
import { isObject, type Json } from './json.ts';
import type { Run } from './run.ts';

type Arguments = { [key: string]: Json };

/** A service that tasks call, as its resource ARN names it. */
export interface Integration {
  /** `resourceType` and `resource` of the task's events. */
  type: 'lambda' | 'sns' | 'states' | 'aws-sdk:lambda';
  action: string;
  /** The task ends with its token, not with the service's answer. */
  waits: boolean;
  /** Calls the service. Errors are thrown as {@link StateError}, named as the service integration names them. */
  call(run: Run, given: Arguments): Promise<Json>;
}

const integrations: Record<string, Integration> = {
  'lambda:invoke': { type: 'lambda', action: 'invoke', waits: false, call: invoke },
  'lambda:invoke.waitForTaskToken': {
    type: 'lambda',
    action: 'invoke.waitForTaskToken',
    waits: true,
    call: invoke,
  },
  'aws-sdk:lambda:invoke': { type: 'aws-sdk:lambda', action: 'invoke', waits: false, call: dryRun },
  'sns:publish': { type: 'sns', action: 'publish', waits: false, call: publish },
  'states:startExecution': { type: 'states', action: 'startExecution', waits: false, call: start },
};

const resource = /^arn:aws(?:-cn|-us-gov)?:states:::(.+)$/;

/** Whether a Resource is one that this interpreter runs. */
export function isSupported(arn: string): boolean {
  return Object.hasOwn(integrations, resource.exec(arn)?.[1] ?? '');
}

/** The integration of a Resource, which registration has checked. */
export function integrationOf(arn: string): Integration {
  const integration = integrations[resource.exec(arn)?.[1] ?? ''];
  if (integration === undefined)
    throw new StateError('States.Runtime', `The resource '${arn}' is not supported.`);
  return integration;
}

/** What the SDK adds to every answer of a service, as far as it says something here. */
function metadata(run: Run): { [key: string]: Json } {
  return { SdkHttpMetadata: { HttpStatusCode: 200 }, SdkResponseMetadata: { RequestId: uuid(run.random) } };
}

async function invoke(run: Run, given: Arguments): Promise<Json> {
  const name = text(given.FunctionName, 'FunctionName');
  const payload = given.Payload ?? {};
  const answer = await call(run, `function ${name}`, 'Lambda', () => run.services.invoke(name, payload));
  if ('error' in answer) {
    const { errorType, errorMessage, trace = [] } = answer.error;
    throw new StateError(errorType, JSON.stringify({ errorType, errorMessage, trace }));
  }
  const Payload = JSON.parse(JSON.stringify(answer.payload ?? null)) as Json;
  return { ExecutedVersion: '$LATEST', Payload, StatusCode: 200, ...metadata(run) };
}

/** The API's own `Invoke`, of which only the dry run is here: it looks whether the function is there and may be invoked. */
async function dryRun(run: Run, given: Arguments): Promise<Json> {
  if (given.InvocationType !== 'DryRun')
    throw new StateError(
      'States.Runtime',
      "Here 'aws-sdk:lambda:invoke' takes InvocationType 'DryRun' only.",
    );
  const name = text(given.FunctionName, 'FunctionName');
  await call(run, `a dry run of ${name}`, 'Lambda', async () => run.services.dryRun?.(name));
  return { StatusCode: 204, Payload: '' };
}

async function publish(run: Run, given: Arguments): Promise<Json> {
  const { publish: send } = run.services;
  if (send === undefined)
    throw new StateError('States.Runtime', 'No topic can be reached: the engine has no publish.');
  const Message = isObject(given.Message) ? JSON.stringify(given.Message) : (given.Message ?? null);
  const answer = await call(run, 'sns:publish', 'SNS', () => send({ ...given, Message }));
  return { MessageId: answer.MessageId ?? null, ...metadata(run) };
}

async function start(run: Run, given: Arguments): Promise<Json> {
  const { Name, Input } = given;
  const input = {
    stateMachineArn: text(given.StateMachineArn, 'StateMachineArn'),
    ...(Name === undefined ? {} : { name: text(Name, 'Name') }),
    ...(Input === undefined ? {} : { input: typeof Input === 'string' ? Input : JSON.stringify(Input) }),
  };
  const answer = await call(run, 'states:startExecution', 'StepFunctions', async () =>
    run.services.startExecution(input),
  );
  return { ExecutionArn: answer.executionArn, StartDate: answer.startDate.getTime(), ...metadata(run) };
}

function text(value: Json | undefined, field: string): string {
  if (typeof value === 'string') return value;
  throw new StateError('States.Runtime', `The field 'Arguments/${field}' must be a string.`);
}

/** Faults of a service become `Service.NameException`; a name that has a prefix already is kept. */
async function call<T>(run: Run, what: string, service: string, work: () => Promise<T>): Promise<T> {
  try {
    return await run.clock.during(what, work);
  } catch (error) {
    const { name, message } = error as Error;
    const suffix = /(?:Exception|Fault|Error)$/.test(name) ? '' : 'Exception';
    throw new StateError(name.includes('.') ? name : `${service}.${name}${suffix}`, message);
  }
}
