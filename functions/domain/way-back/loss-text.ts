import type { EndName } from '../model/ends.ts';
import { type AcceptedLoss, describeLoss, findExceeding, inputToAccept, type Loss } from './loss.ts';

export interface LossFacts {
  end: EndName;
  /** ARN of the run whose way back it is. */
  run?: string | null;
  loss?: Loss | null;
  accepted?: AcceptedLoss | null;
}

/** The part of an outcome about a loss: its heading, its sentences, and the input that accepts it, which is typed as it stands. */
export function composeLoss({
  end,
  run,
  loss,
  accepted,
}: LossFacts): { heading: string; lines: string[]; input?: string } | undefined {
  const who = accepted ? [`${accepted.by} accepted: "${accepted.statement}"`] : [];
  if (end === 'Did not go back: green serves production') {
    if (!loss) return undefined;
    const beyond = accepted
      ? findExceeding(loss, accepted.loss).map((why) => `Beyond what was accepted: ${why}`)
      : [];
    const input = inputToAccept(run ?? '', loss);
    const next =
      input === undefined
        ? 'It cannot be accepted, because a part of it cannot be read'
        : 'New production is open again, and rows that it takes in meanwhile would be lost as well. To go back with this loss, start roll-back with the input below';
    return {
      heading: 'What going back would lose',
      lines: [...describeLoss(loss), ...who, ...beyond, next],
      ...(input !== undefined && { input }),
    };
  }
  if (!accepted) return undefined;
  const lost = loss ? describeLoss(loss) : ['As far as both sides were compared, no loss was found'];
  return { heading: 'Loss that was accepted', lines: [...who, ...lost] };
}
