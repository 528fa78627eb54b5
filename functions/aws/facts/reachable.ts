import { findListeners } from '../../domain/approval/subscription-filter.ts';
import type { PreconditionFacts } from '../../domain/preconditions/facts.ts';
import type { Request } from '../../domain/request/request.ts';
import { classifyError } from '../errors.ts';
import { attempt } from '../readings.ts';
import { readSubscribers } from '../sns/approvals-topic.ts';

/** What a run will have to reach: the topics of the stack. */
export interface Stack {
  announcements: string;
  approvals: string;
}

/** Whether a run will reach what it needs of its own stack, asked before anything is created. */
export async function readReachable(
  { approval }: Request,
  database: string,
  { announcements, approvals }: Stack,
): Promise<Pick<PreconditionFacts, 'announcements' | 'unheard'>> {
  return {
    announcements: await attempt(orNoTopic(readSubscribers(announcements).then(({ length }) => length))),
    ...(approval.required && {
      unheard: await attempt(
        orNoTopic(
          readSubscribers(approvals).then((subscribers) =>
            approval.groups.flatMap(({ name }) => {
              const { nobody } = findListeners(subscribers, {
                kind: 'approval',
                occasion: 'ask',
                group: name,
                database,
              });
              return nobody ? [nobody] : [];
            }),
          ),
        ),
      ),
    }),
  };
}

async function orNoTopic<Value>(reading: Promise<Value>): Promise<Value | null> {
  try {
    return await reading;
  } catch (error) {
    if (classifyError(error) === 'missing' || (error as Error).name === 'NotFoundException') return null;
    throw error;
  }
}
