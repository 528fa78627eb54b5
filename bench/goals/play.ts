/** The process of one measure of `npm run bench`: it is named on the command line, and sends its rows. */
import { measures } from './list.ts';

const measure = measures[process.argv[2] ?? ''];
if (!measure) throw new RangeError(`a measure is one of ${Object.keys(measures).join(', ')}`);
process.send?.(await measure.rows(), () => process.exit(0));
