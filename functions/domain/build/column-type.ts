/** Types of PostgreSQL into which every value of the one before goes. */
const ladders = [
  ['smallint', 'integer', 'bigint', 'numeric'],
  ['real', 'double precision'],
  ['date', 'timestamp without time zone'],
];

/** Whether every value of a type of PostgreSQL, as `format_type` writes it, goes into another one as text. */
export function isWider(from: string, to: string): boolean {
  const [one, other] = [parse(from), parse(to)];
  if (isText(one.name) && to === 'text') return true;
  if (one.name === other.name) return fits(one, other);
  // A char that is padded keeps its spaces as text, and no others are compared.
  if (one.name === 'character' && other.name === 'character varying') return fits(one, other);
  return ladders.some(
    (ladder) =>
      ladder.includes(one.name) &&
      ladder.indexOf(one.name) < ladder.indexOf(other.name) &&
      other.sizes.length === 0,
  );
}

interface Type {
  /** Without its sizes. */
  name: string;
  /** Length, or precision and scale. Empty: without a limit. */
  sizes: number[];
}

function parse(type: string): Type {
  const sizes = /\(([\d,]+)\)/.exec(type)?.[1];
  return { name: type.replace(/\([\d,]+\)/, ''), sizes: sizes?.split(',').map(Number) ?? [] };
}

const isText = (name: string) => ['character varying', 'character', 'name'].includes(name);

function fits(from: Type, to: Type): boolean {
  if (to.sizes.length === 0) return true;
  if (from.sizes.length === 0) return false;
  const [size = 0, scale = 0] = from.sizes;
  const [newSize = 0, newScale = 0] = to.sizes;
  return newScale >= scale && newSize - newScale >= size - scale;
}
