import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { findWindowFault } from '../functions/domain/hold/window.ts';
import { isTimeZone } from '../functions/domain/hold/zone-time.ts';
import { describeProblems } from '../functions/domain/request/problems.ts';
import { requestSchema } from '../functions/domain/request/request.ts';
import { att, partitionToken, pascalCase, type Resources, ref, sub, type Value } from './cloudformation.ts';
import { startStatements } from './machine.ts';
import { role } from './roles.ts';
import type { Settings } from './settings.ts';

/** A maintenance window of the list in `config/`: the request is started at its time. */
export interface MaintenanceWindow {
  name: string;
  /** `cron(…)`, `rate(…)` or `at(…)` of EventBridge Scheduler. */
  schedule: string;
  /** IANA name; the schedule follows its daylight-saving time. */
  timeZone: string;
  enabled: boolean;
  /** The request of a run, as for a start by hand. */
  request: { [key: string]: Value };
}

/** @throws when two windows would have the same resource, a name cannot be one, or a request would be refused */
export function readWindows(file: string): MaintenanceWindow[] {
  const path = resolve(import.meta.dirname, '..', file);
  const { windows } = JSON.parse(readFileSync(path, 'utf8')) as { windows: MaintenanceWindow[] };
  const seen = new Set<string>();
  for (const window of windows) {
    const { name } = window;
    if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) || name.length > 30)
      throw new Error(`maintenance window "${name}": give a name of at most 30 of a-z, 0-9 and dash`);
    if (seen.has(name)) throw new Error(`maintenance window "${name}" stands twice in the list`);
    seen.add(name);
    const problems = findProblems(window);
    if (problems.length > 0)
      throw new Error(
        `maintenance window "${name}" has a request that a run refuses:\n${problems.join('\n')}`,
      );
  }
  return windows;
}

/** What a run would refuse, as far as that does not depend on the day: a weekly window that never holds a cut is found now, and not on its first day. */
function findProblems({ timeZone, request }: MaintenanceWindow): string[] {
  const { error, data } = requestSchema.safeParse(request);
  if (error) return describeProblems(error.issues, request);
  const weekly = data.window && 'timeZone' in data.window;
  const fault = weekly && findWindowFault(data, Date.now());
  return [
    ...(isTimeZone(timeZone)
      ? []
      : [`timeZone: is "${timeZone}"; write it as the IANA database does, for example Europe/Berlin`]),
    ...(fault ? [`request.window: ${fault}`] : []),
  ];
}

/**
 * One schedule a window. It starts the run at the minute, once: the name of the run is that of the window and the id of the
 * schedule's execution, and Step Functions refuses a second run of the same name.
 */
export function describeSchedules(settings: Settings): Resources {
  const windows = readWindows(settings.windows);
  if (windows.length === 0) return {};
  return {
    Schedules: {
      Type: 'AWS::Scheduler::ScheduleGroup',
      Properties: { Name: `${settings.prefix}-maintenance` },
    },
    SchedulesRole: role(
      'scheduler.amazonaws.com',
      { StringEquals: { 'aws:SourceAccount': ref('AWS::AccountId') } },
      startStatements(settings),
    ),
    ...Object.fromEntries(windows.map((window) => [scheduleId(window.name), schedule(window)])),
  };
}

export const scheduleId = (name: string): string => `${name.split('-').map(pascalCase).join('')}Schedule`;

function schedule({ name, schedule: expression, timeZone, enabled, request }: MaintenanceWindow) {
  return {
    Type: 'AWS::Scheduler::Schedule',
    Properties: {
      Name: name,
      GroupName: ref('Schedules'),
      ScheduleExpression: expression,
      ScheduleExpressionTimezone: timeZone,
      FlexibleTimeWindow: { Mode: 'OFF' },
      State: enabled ? 'ENABLED' : 'DISABLED',
      Target: {
        Arn: sub(`arn:${partitionToken}:scheduler:::aws-sdk:sfn:startExecution`),
        RoleArn: att('SchedulesRole'),
        Input: {
          'Fn::Sub': [
            `{"StateMachineArn":"\${machine}","Name":"${name}-<aws.scheduler.execution-id>","Input":\${request}}`,
            { machine: ref('MachineAlias'), request: JSON.stringify(JSON.stringify(request)) },
          ],
        },
        RetryPolicy: { MaximumEventAgeInSeconds: 900, MaximumRetryAttempts: 10 },
      },
    },
  };
}
