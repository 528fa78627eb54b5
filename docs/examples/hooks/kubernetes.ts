import { request } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { onEach } from './each.ts';
import { hook, type Stages } from './hook.ts';
import { listSetting, numberSetting, setting } from './settings.ts';
import { signInToEks } from './signed.ts';

interface Deployment {
  metadata: { annotations?: Record<string, string> };
  spec: { replicas: number };
  status?: { replicas?: number };
}

/** Annotation of a stopped Deployment: how many pods it had. It is the only memory, so a second call finds it too. */
const annotation = 'viridian-hook/replicas';

/** One call to the API of the cluster, whose certificate is its own authority's. @param name `namespace/deployment` */
async function call(method: 'GET' | 'PATCH', name: string, body?: object): Promise<Deployment> {
  const [namespace, deployment] = name.split('/');
  const url = new URL(
    `/apis/apps/v1/namespaces/${namespace}/deployments/${deployment}`,
    setting('CLUSTER_ENDPOINT'),
  );
  const headers = {
    authorization: `Bearer ${await signInToEks(setting('CLUSTER_NAME'))}`,
    'content-type': 'application/merge-patch+json',
  };
  const ca = Buffer.from(setting('CLUSTER_CA'), 'base64').toString();
  return new Promise((resolve, reject) => {
    const asked = request(url, { method, headers, ca, timeout: 10_000 }, (answer) => {
      let text = '';
      answer.on('data', (part) => {
        text += part;
      });
      answer.on('end', () => {
        if (answer.statusCode === 200) resolve(JSON.parse(text));
        else reject(new Error(`Kubernetes ${method} ${name}: HTTP ${answer.statusCode}`));
      });
    });
    asked.on('timeout', () =>
      asked.destroy(new Error(`Kubernetes ${method} ${name}: no answer within 10 s`)),
    );
    asked.on('error', reject);
    asked.end(body && JSON.stringify(body));
  });
}

/** The number of pods and its memory change in one call, so that no crash comes between them. */
const patch = (name: string, replicas: number, kept: string | null) =>
  call('PATCH', name, { metadata: { annotations: { [annotation]: kept } }, spec: { replicas } });

const keptReplicas = ({ metadata }: Deployment) => metadata.annotations?.[annotation];

/** A HorizontalPodAutoscaler leaves a Deployment without pods alone (Kubernetes, "Horizontal Pod Autoscaling"). */
async function stop(name: string, until: number): Promise<void> {
  const before = await call('GET', name);
  await patch(name, 0, keptReplicas(before) ?? `${before.spec.replicas}`);
  for (;;) {
    const { spec, status } = await call('GET', name);
    if (spec.replicas > 0) throw new Error(`something scales ${name} up again`);
    if ((status?.replicas ?? 0) === 0) return;
    if (Date.now() > until) throw new Error(`${name} still has ${status?.replicas} pods`);
    await sleep(1_000);
  }
}

/** Does not wait for the pods: production is open, and each of them connects as it starts. */
async function resume(name: string): Promise<void> {
  const replicas = keptReplicas(await call('GET', name));
  if (replicas !== undefined) await patch(name, Number(replicas), null);
}

/** All are tried; the first failure counts. */
async function everywhere(act: (name: string) => Promise<void>): Promise<string> {
  const names = listSetting('DEPLOYMENTS');
  await onEach(names, act);
  return `${names.length} Deployments`;
}

/** Deployments of Kubernetes that write, as `namespace/name`. */
export const stages: Stages = {
  async stopWrites() {
    const until = Date.now() + 1_000 * numberSetting('STOP_SECONDS', 120);
    return { because: `${await everywhere((name) => stop(name, until))} have no pod` };
  },
  async resumeWrites() {
    return { because: `${await everywhere(resume)} have as many pods as before` };
  },
};

export const handler = hook(stages);
