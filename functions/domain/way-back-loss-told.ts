import type { EndName } from './ends.ts';
import { foreignText } from './plain-text.ts';
import { type AcceptedLoss, describeLoss, findExceeding, inputToAccept, type Loss } from './way-back-loss.ts';

export interface LossTold {
  end: EndName;
  /** ARN of the run whose way back it is. */
  run?: string | null;
  loss?: Loss | null;
  accepted?: AcceptedLoss | null;
}

/** What the end of going back says of a loss: its heading, its sentences, and the input that accepts it, which is typed as it stands. */
export function tellLoss({
  end,
  run,
  loss,
  accepted,
}: LossTold): { heading: string; lines: string[]; input?: string } | undefined {
  const who = accepted ? [`${foreignText(accepted.by, 200)} accepted: "${accepted.statement}"`] : [];
  if (end === 'Did not go back: green serves production') {
    if (!loss) return undefined;
    const beyond = accepted
      ? findExceeding(loss, accepted.loss).map((why) => `Beyond what was accepted: ${why}`)
      : [];
    const input = inputToAccept(run ?? '', loss);
    const next =
      input === undefined
        ? 'It cannot be accepted, because a part of it cannot be read'
        : 'New production is open again, and what it takes in there meanwhile would be lost as well. To go back with this loss, start roll-back with the input below';
    return {
      heading: 'What going back would lose',
      lines: [...describeLoss(loss), ...who, ...beyond, next],
      ...(input !== undefined && { input }),
    };
  }
  if (!accepted) return undefined;
  const lost = loss ? describeLoss(loss) : ['As far as was compared nothing had to be lost'];
  return { heading: 'Loss that was accepted', lines: [...who, ...lost] };
}
