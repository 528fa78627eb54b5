/** Real milliseconds between two lines about a large file. */
const toldEveryMs = 5_000;

/** How much of a file was read, and how long the rest may take. */
export function progressOf(told: (line: string) => void): (bytes: number, size: number) => void {
  const begun = Date.now();
  let toldAt = begun;
  return (bytes, size) => {
    const now = Date.now();
    if (now - toldAt < toldEveryMs) return;
    toldAt = now;
    const rest =
      size > 0
        ? `, about ${Math.ceil((((now - begun) / bytes) * Math.max(0, size - bytes)) / 1000)} s left`
        : '';
    told(`${Math.round(bytes / 1e6)}${size > 0 ? ` of ${Math.round(size / 1e6)}` : ''} MB loaded${rest}`);
  };
}
