import { readDatabasesToDelete } from '../../aws/rds/delete-databases.ts';
import { readRecord, readRecordByName } from '../../aws/rds/deployment.ts';
import { lookAtRds, notYet } from '../../domain/model/not-yet.ts';
import { executionTag } from '../../domain/model/tags.ts';
import type { WaitingRunEvent } from '../../tasks/run-event.ts';
import { type Look, wait } from '../../tasks/wait.ts';

/** Ready when neither the deployment of this run nor any database of green is left, by resource id. */
export const handler = wait('Wait for removal', async (event: WaitingRunEvent): Promise<Look<null>> => {
  const { deployment, executionArn } = event;
  const record = deployment.id ? await readRecord(deployment.id) : await readRecordByName(deployment.name);
  if (record?.tags[executionTag] === executionArn)
    return notYet(`the deployment ${record.id} is ${record.status}`, lookAtRds('the deployment'));
  const left = deployment.green ? await readDatabasesToDelete(deployment.database, deployment.green) : [];
  return left.length === 0
    ? { kind: 'ready', facts: null }
    : notYet(
        `still there: ${left.map(({ id, status }) => `${id} (${status})`).join(', ')}`,
        'look in the console of RDS what keeps them, and delete them there',
      );
});
