import type { RunHistory } from '../aws/step-functions/run-history.ts';
import { askDatabase, readPlace } from '../databases/ask.ts';
import { questionOf } from '../databases/question.ts';
import type { Deployment } from '../domain/model/deployment.ts';
import type { EndName } from '../domain/model/ends.ts';
import { isRead } from '../domain/model/reading.ts';
import { isRefusal } from '../domain/outcome/advice-roll-back.ts';
import type { EndState } from '../domain/outcome/leftovers.ts';
import type { Request } from '../domain/request/request.ts';
import { targetOf } from '../domain/way-back/target.ts';

/**
 * The end whose words fit an execution that went back and stopped without one. A side is named only with the execution's own proof, as long
 * as the name of production still leads there.
 */
export function nameRollBackEnd({ answered, known }: RunHistory, { production }: EndState): EndName {
  if (isRefusal(known)) return 'Going back refused: nothing was changed';
  const leadsTo = isRead(production) ? production.value : undefined;
  const { blue, green, clone } = known.deployment ?? {};
  if (answered.has('Verify going back') && leadsTo === (clone ?? blue)?.resourceId)
    return 'Went back: blue serves production';
  if (answered.has('Stay on new production') && leadsTo === green?.resourceId)
    return 'Did not go back: green serves production';
  return 'Going back incomplete: look before any retry';
}

/** Which of both databases takes writes now, asked by SQL: an execution that was stopped in the middle may have left none. */
export async function readWritable({ known }: RunHistory): Promise<string[]> {
  const { deployment, wayBack, request } = known;
  if (!deployment?.database || !deployment.blue || !wayBack || !request)
    return ['Neither database was touched by this execution, as far as its history shows.'];
  const { green } = deployment;
  const sides = deployment as Deployment;
  const question = questionOf({ executionArn: '', request: request as Request, deployment: sides, wayBack });
  const lines: string[] = [];
  for (const side of ['green', 'target'] as const) {
    const name = side === 'green' ? 'New production' : 'Blue';
    const { resourceId } = (side === 'green' ? green : targetOf(sides)) ?? {};
    const open = await readPlace({ deployment: sides, wayBack }, side)
      .then((place) => askDatabase('foreign-writers', { ...question, ...place }))
      .then((reply) =>
        reply.kind === 'answer'
          ? wayBack.databases.map(
              (one) => `${one} ${reply.facts.closed[one] ? 'takes no writes' : 'TAKES WRITES'}`,
            )
          : [`it could not be asked: ${reply.because}`],
      )
      .catch((error: Error) => [`it could not be asked: ${error.message}`]);
    lines.push(`${name} (${resourceId ?? 'unknown'}): ${open.join(', ')}.`);
  }
  return lines;
}
