import type { Answer, Input } from '../contract.ts';
import { Refused } from '../refused.ts';
import { type Session, withSession } from './session.ts';

/** Both servers by their numbers. Nothing is marked: green takes no writes. That RDS keeps the number of a server through a switchover is unproven. */
export async function distinguish(input: Input<'distinguish'>): Promise<Answer<'distinguish'>> {
  const { login } = input;
  const blue = await withSession({ ...input.blue, login }, serverIdOf);
  const green = await withSession({ ...input.green, login }, serverIdOf);
  if (blue === green)
    throw new Refused(
      'other-server',
      `${input.blue.host} and ${input.green.host} have the same server id, ${blue}`,
    );
  return { by: 'server', green, blue };
}

const serverIdOf = async ({ serverId }: Session): Promise<number> => serverId;
