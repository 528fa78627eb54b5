const beginning = 'after ';

/** The token of the next page: where the last one ended. */
export const writePageToken = (place: string | number): string =>
  Buffer.from(`${beginning}${place}`).toString('base64url');

/** Where the last page ended. A token is one that a page gave out; undefined for every other text. */
export function readPageToken(token: string): string | undefined {
  const text = Buffer.from(token, 'base64url').toString();
  return text.startsWith(beginning) && writePageToken(text.slice(beginning.length)) === token
    ? text.slice(beginning.length)
    : undefined;
}

/** The same of a list whose pages begin at a number; 0 where no page was given out yet. NaN for every other text. */
export function readPlace(token: string | undefined): number {
  if (token === undefined) return 0;
  const place = readPageToken(token) ?? '';
  return /^\d+$/.test(place) ? Number(place) : Number.NaN;
}
