import type { Hold } from '../rehearsal/report/types.ts';
import { rehearse } from './rehearsed.ts';

/** How long a whole run held the application at its pooler, at the cut and going back. */
export interface Holds {
  cut: Hold;
  back: Hold;
  clientErrors: number;
}

/** One whole rehearsal that goes back. */
export async function measureHolds(): Promise<Holds> {
  const report = await rehearse('--endpoint', 'pause', '--go-back', '--rows', '2000');
  const [cut, back] = [report.cut.hold, report.goingBack?.hold];
  if (!cut || !back) throw new Error('the rehearsal did not hold writes twice');
  const clientErrors = Object.values(report.cut.errorsOfPooled).reduce((sum, count) => sum + count, 0);
  return { cut, back, clientErrors };
}
