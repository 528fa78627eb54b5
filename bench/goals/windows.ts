import { bare } from '../bare.ts';
import { Pair } from '../pair.ts';
import { product } from '../product.ts';
import { median } from '../statistics.ts';
import { type Trip, travel } from '../windows.ts';
import type { GoalRow } from './goal.ts';

const goal = 1.3;
const rounds = 3;
const blueRows = 2_000;

/** Of every window: what bare SQL does not do. */
const beside =
  'ours proves by a sign-in that nobody gets in, reads the end of the log a second time, and looks at whose the objects of our schema are; a busy machine stretches these more than single statements';

const windows: [what: string, figure: (trip: Trip) => number | null][] = [
  ['the cut', ({ cut }) => cut],
  ['the cut with its way back', ({ secured }) => secured],
  ['going back', ({ back }) => back],
];

/** The windows inside the databases, on real servers under live writers, beside the same safety steps as bare SQL. */
export async function windowRows(): Promise<GoalRow[]> {
  const compared = [bare, product];
  const trips = new Map<string, Trip[]>(compared.map(({ name }) => [name, []]));
  const pair = await Pair.open(blueRows);
  try {
    for (let round = 0; round < rounds; round += 1)
      for (const one of round % 2 === 0 ? compared : compared.toReversed())
        trips.get(one.name)?.push(await travel(pair, one));
  } finally {
    await pair.close();
  }
  const medianOf = (name: string, figure: (trip: Trip) => number | null) =>
    median((trips.get(name) ?? []).map(figure).filter((ms) => ms !== null));
  const ours = trips.get(product.name) ?? [];
  const rows = windows.map(([what, figure]) => {
    const [own, plain] = [medianOf(product.name, figure), medianOf(bare.name, figure)];
    return {
      goal: `${what}, without the machines: ${goal} of bare SQL`,
      figure: `${(own / plain).toFixed(2)}, ${own.toFixed(0)} ms`,
      baseline: `${plain.toFixed(0)} ms by bare SQL`,
      met: own <= goal * plain,
      because: beside,
    };
  });
  const wrong = ours.reduce((sum, { lost, doubled, clientErrors }) => sum + lost + doubled + clientErrors, 0);
  const acknowledged = ours.reduce((sum, trip) => sum + trip.acknowledged, 0);
  return [
    ...rows,
    {
      goal: 'no row lost or doubled and no client error there',
      figure: `${wrong} of ${acknowledged} rows`,
      baseline: '',
      met: wrong === 0,
    },
  ];
}
