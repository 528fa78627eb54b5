/** Pictures of the report: plain SVG, readable without colour, in the reader's own light or dark. */

const width = 920;
const left = 60;
const right = 12;

export function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}

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

/** One bar for each visit of a state, in the order of entry. */
export function timelinePicture(
  span: Span,
  states: { name: string; enteredAt: number; exitedAt: number | null }[],
): string {
  const x = scaleX(span);
  const row = 16;
  const names = [...new Set(states.map((s) => s.name))];
  const bars = states.map(({ name, enteredAt, exitedAt }) => {
    const y = names.indexOf(name) * row + 4;
    const from = x(enteredAt);
    const to = Math.max(from + 1.5, x(exitedAt ?? span.to));
    return `<rect class="bar" x="${from}" y="${y}" width="${to - from}" height="${row - 6}"><title>${escapeText(name)}: ${((exitedAt ?? span.to) - enteredAt).toFixed(0)} ms</title></rect>`;
  });
  const labels = names.map((name, index) => {
    const first = states.find((s) => s.name === name);
    const at = x(first?.enteredAt ?? span.from);
    const flip = at > width * 0.6;
    return `<text x="${flip ? at - 6 : at + 8}" y="${index * row + 13}" text-anchor="${flip ? 'end' : 'start'}">${escapeText(name)}</text>`;
  });
  const bottom = names.length * row + 6;
  return svg(
    bottom + 24,
    'When the run was in which state',
    bars.join('') + labels.join('') + timeAxis(span, bottom),
  );
}

interface Line {
  title: string;
  unit: string;
  points: { at: number; value: number | null }[];
  /** Shaded and labelled, for example the longest gap between two acknowledged writes. */
  mark?: { from: number; to: number; label: string };
}

/** A line over time. A reading that is unknown interrupts the line; it is never drawn as zero. */
export function linePicture(span: Span, { title, unit, points, mark }: Line): string {
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
  const shade = mark
    ? `<rect class="mark" x="${x(mark.from)}" y="14" width="${Math.max(2, x(mark.to) - x(mark.from))}" height="${height - 14}"/><text x="${x(mark.to) + 5}" y="24">${escapeText(mark.label)}</text>`
    : '';
  const scale = `<text x="${left - 6}" y="30" text-anchor="end">${escapeText(top >= 1e4 ? `${Math.round(top / 1024)} Ki` : `${Math.round(top)}`)}</text><text x="${left - 6}" y="${height}" text-anchor="end">0</text><text x="${left - 6}" y="12" text-anchor="end">${escapeText(unit)}</text>`;
  return svg(height + 26, title, `${shade}<path class="line" d="${path}"/>${scale}${timeAxis(span, height)}`);
}
