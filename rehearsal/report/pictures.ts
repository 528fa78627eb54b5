import { escapeText } from '../../functions/http/html.ts';

/** Pictures of the report: plain SVG, readable without colour, in the reader's own light or dark. */

const width = 920;
const left = 60;
const right = 12;

interface Span {
  from: number;
  to: number;
}

function scaleX({ from, to }: Span): (at: number) => number {
  const length = Math.max(1, to - from);
  return (at) => left + ((at - from) / length) * (width - left - right);
}

function svg(height: number, title: string, body: string): string {
  return `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeText(title)}">${body}</svg>`;
}

/** Seconds under the picture, in at most ten steps of 1, 2 or 5 times a power of ten. */
function timeAxis(span: Span, y: number): string {
  const x = scaleX(span);
  const seconds = (span.to - span.from) / 1000;
  const power = 10 ** Math.floor(Math.log10(Math.max(1, seconds / 10)));
  const step = [1, 2, 5, 10].map((n) => n * power).find((n) => seconds / n <= 10) ?? seconds;
  let ticks = '';
  for (let second = 0; second <= seconds; second += step) {
    const at = x(span.from + second * 1000);
    ticks += `<path class="axis" d="M${at} ${y}v4"/><text x="${at}" y="${y + 16}" text-anchor="middle">${second} s</text>`;
  }
  return `<path class="axis" d="M${left} ${y}H${width - right}"/>${ticks}`;
}

/** One bar for each visit of a state, in the order of entry. Choices take no time and are left out. */
export function timelinePicture(
  span: Span,
  states: { name: string; enteredAt: number; exitedAt: number | null }[],
): string {
  const x = scaleX(span);
  const rowHeight = 16;
  const rows = Map.groupBy(
    states.filter(({ name }) => !name.endsWith('?')),
    ({ name }) => name,
  );
  const drawn = [...rows].map(([name, visits], index) => {
    const y = index * rowHeight + 4;
    const bars = visits.map(({ enteredAt, exitedAt }) => ({
      from: x(enteredAt),
      to: x(exitedAt ?? span.to),
    }));
    const rects = bars.map(
      ({ from, to }) =>
        `<rect class="bar" x="${from}" y="${y}" width="${Math.max(1.5, to - from)}" height="${rowHeight - 6}"/>`,
    );
    return rects.join('') + barLabel(name, y + 9, bars[0]?.from ?? left, bars.at(-1)?.to ?? left);
  });
  const bottom = rows.size * rowHeight + 6;
  return svg(bottom + 24, 'When the run was in which state', drawn.join('') + timeAxis(span, bottom));
}

function markLabel(label: string, from: number, to: number, y: number): string {
  const before = to > width * 0.75;
  return `<text x="${before ? from - 5 : to + 5}" y="${y}" text-anchor="${before ? 'end' : 'start'}">${escapeText(label)}</text>`;
}

/** Beside its bars, on the side where there is room. */
function barLabel(name: string, y: number, from: number, to: number): string {
  const before = to > width * 0.55;
  return `<text x="${before ? from - 6 : to + 8}" y="${y}" text-anchor="${before ? 'end' : 'start'}">${escapeText(name)}</text>`;
}

interface Line {
  title: string;
  unit: string;
  points: { at: number; value: number | null }[];
  /** Shaded and labelled, for example the longest gap between two acknowledged writes. */
  marks?: { from: number; to: number; label: string }[];
}

/** A line over time. A reading that is unknown interrupts the line; it is never drawn as zero. */
export function linePicture(span: Span, { title, unit, points, marks = [] }: Line): string {
  const x = scaleX(span);
  const height = 150;
  const top = Math.max(1, ...points.map((p) => p.value ?? 0));
  const y = (value: number) => height - (value / top) * (height - 24);
  let path = '';
  let pen = 'M';
  for (const { at, value } of points) {
    if (value === null) {
      pen = 'M';
    } else {
      path += `${pen}${x(at).toFixed(1)} ${y(value).toFixed(1)}`;
      pen = 'L';
    }
  }
  const shades = marks.map(
    ({ from, to }) =>
      `<rect class="mark" x="${x(from)}" y="14" width="${Math.max(2, x(to) - x(from))}" height="${height - 14}"/>`,
  );
  const labels = marks.map(({ from, to, label }, index) => markLabel(label, x(from), x(to), 24 + 14 * index));
  const scale = `<text x="${left - 6}" y="30" text-anchor="end">${escapeText(top >= 1e4 ? `${Math.round(top / 1024)} Ki` : `${Math.round(top)}`)}</text><text x="${left - 6}" y="${height}" text-anchor="end">0</text><text x="${left - 6}" y="12" text-anchor="end">${escapeText(unit)}</text>`;
  return svg(
    height + 26,
    title,
    `${shades.join('')}<path class="line" d="${path}"/>${labels.join('')}${scale}${timeAxis(span, height)}`,
  );
}
