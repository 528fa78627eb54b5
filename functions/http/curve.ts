import { showTime } from '../domain/model/text.ts';
import { type LagCurve, showLagValue } from '../domain/run/lag-curve.ts';
import { type Html, html } from './html.ts';

/** Units of the drawing: it is stretched to whatever room there is, and its lines are not. */
const width = 1_000;
const height = 100;

/** Rows of the table beside the drawing. */
const mostRows = 24;

/**
 * The lag over time as a line, with the same in words and as a table for people who do not see it. Where nothing was measured the line is
 * interrupted: it is never drawn as zero.
 * @param limit of the request, in the unit of the curve: green must be no further behind for the cut
 */
export function lagFigure(curve: LagCurve, limit: number | undefined): Html {
  const { points, unit, metric, since, until } = curve;
  const newest = points.at(-1);
  const [first] = points;
  if (!first || !newest)
    return html`<p>CloudWatch has no point of ${metric} for this time. RDS publishes one a minute while green follows blue.</p>`;
  const highest = points.reduce((one, other) => (other.value > one.value ? other : one), first);
  const words = `Highest ${showLagValue(highest.value, unit)} at ${clockTime(highest.at)}, newest ${showLagValue(newest.value, unit)} at ${clockTime(newest.at)}.`;
  const top = Math.max(highest.value, limit !== undefined && limit <= 3 * highest.value ? limit : 0, 1);
  return html`<figure>
<p aria-hidden="true">${showLagValue(top, unit)}</p>
<svg viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" role="img" aria-label="Lag of green over time. ${words}">
<path class="axis" d="M0 ${height}H${width}"/>${limit !== undefined && limit <= top ? html`<path class="limit" d="M0 ${yOf(limit, top).toFixed(1)}H${width}"/>` : ''}<path class="line" d="${pathOf(curve, top)}"/></svg>
<p class="axis-ends" aria-hidden="true"><span>${shortTime(since)}</span><span>${shortTime(until)}</span></p>
<figcaption>${words}${limit === undefined ? '' : ` The cut waits until green is at most ${showLagValue(limit, unit)} behind.`} <span class="soft">${metric}, the highest of each ${curve.periodSeconds} s; its zero is the lower line.</span></figcaption>
</figure>
<details><summary>The lag as a table</summary>
<table><thead><tr><th scope="col">From</th><th scope="col">Highest</th></tr></thead><tbody>
${rowsOf(curve).map(
  ({ at, value }) =>
    html`<tr><td data-at="From">${clockTime(at)}</td><td data-at="Highest">${showLagValue(value, unit)}</td></tr>`,
)}
</tbody></table></details>`;
}

/** A point that stands alone is a dot: a line of no length with round ends. */
function pathOf({ points, since, until, periodSeconds }: LagCurve, top: number): string {
  const x = (at: number) => ((at - since) / Math.max(1, until - since)) * width;
  return points
    .map(({ at, value }, index) => {
      const before = points[index - 1]?.at ?? Number.NEGATIVE_INFINITY;
      const joined = at - before <= 1.5 * periodSeconds * 1_000;
      const place = `${clamp(x(at)).toFixed(1)} ${yOf(value, top).toFixed(1)}`;
      return joined ? `L${place}` : `M${place}h0`;
    })
    .join('');
}

const yOf = (value: number, top: number): number => height - (value / top) * (height - 4);

const clamp = (x: number): number => Math.max(0, Math.min(width, x));

/** The highest of each of at most some spans. */
function rowsOf({ points }: LagCurve): LagCurve['points'] {
  const size = Math.ceil(points.length / mostRows);
  return Array.from({ length: Math.ceil(points.length / size) }, (_, index) => {
    const span = points.slice(index * size, (index + 1) * size);
    return { at: span[0]?.at ?? 0, value: Math.max(...span.map(({ value }) => value)) };
  });
}

const clockTime = (at: number): string => showTime(new Date(at).toISOString());

/** Month, day and time: two of them stand beside each other on a phone. */
const shortTime = (at: number): string => new Date(at).toISOString().slice(5, 16).replace('T', ' ');
