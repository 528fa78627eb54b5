import { setTimeout as sleep } from 'node:timers/promises';
import { onEach } from './each.ts';
import { hook, type Stages } from './hook.ts';
import { listSetting, numberSetting } from './settings.ts';
import { callEcs } from './signed.ts';

interface Service {
  serviceArn: string;
  status: string;
  desiredCount: number;
  runningCount: number;
  pendingCount: number;
  tags?: { key: string; value: string }[];
}

/** Tag of a stopped service: how many tasks it had. It is the only memory, so a second call finds it too. */
const tag = 'viridian-hook:tasks';

/** The cluster of a service, which stands in its ARN: `arn:…:service/<cluster>/<name>`. */
const clusterOf = (arn: string) => arn.split('/')[1];

async function read(arn: string): Promise<Service> {
  const input = { cluster: clusterOf(arn), services: [arn], include: ['TAGS'] };
  const { services } = await callEcs<{ services: Service[] }>('DescribeServices', input);
  const [service] = services;
  if (service?.status !== 'ACTIVE') throw new Error(`there is no active service ${arn}`);
  return service;
}

const update = (arn: string, desiredCount: number) =>
  callEcs('UpdateService', { cluster: clusterOf(arn), service: arn, desiredCount });

const keptTasks = ({ tags = [] }: Service) => tags.find(({ key }) => key === tag)?.value;

/** Keeps how many tasks there are, once, and waits until none is left. ECS lets a task end as its `stopTimeout` says. */
async function stop(arn: string, until: number): Promise<void> {
  const service = await read(arn);
  if (keptTasks(service) === undefined)
    await callEcs('TagResource', {
      resourceArn: arn,
      tags: [{ key: tag, value: `${service.desiredCount}` }],
    });
  await update(arn, 0);
  for (;;) {
    const { runningCount, pendingCount, desiredCount } = await read(arn);
    if (desiredCount > 0) throw new Error(`something scales ${arn} up again: suspend its scaling`);
    if (runningCount + pendingCount === 0) return;
    if (Date.now() > until) throw new Error(`${arn} still has ${runningCount + pendingCount} tasks`);
    await sleep(1_000);
  }
}

/** Does not wait for the tasks: production is open, and each of them connects as it starts. */
async function resume(arn: string): Promise<void> {
  const tasks = keptTasks(await read(arn));
  if (tasks === undefined) return;
  await update(arn, Number(tasks));
  await callEcs('UntagResource', { resourceArn: arn, tagKeys: [tag] });
}

/** All services are tried; the first failure counts. */
async function everywhere(act: (arn: string) => Promise<void>): Promise<string> {
  const arns = listSetting('SERVICE_ARNS');
  await onEach(arns, act);
  return `${arns.length} services`;
}

/** Services of ECS that write, by ARN. */
export const stages: Stages = {
  async stopWrites() {
    const until = Date.now() + 1_000 * numberSetting('STOP_SECONDS', 120);
    return { because: `${await everywhere((arn) => stop(arn, until))} have no task` };
  },
  async resumeWrites() {
    return { because: `${await everywhere(resume)} have as many tasks as before` };
  },
};

export const handler = hook(stages);
