/** PostgreSQL cuts longer names off without a word, and would then mean another object. Bytes of UTF-8. */
const nameLimit = 63;

/** A name as SQL writes it, whatever it consists of. Refuses what no PostgreSQL name can be. */
export function identifier(name: string): string {
  if (name === '' || Buffer.byteLength(name) > nameLimit || name.includes('\0')) {
    throw new TypeError(`a name of 1 to ${nameLimit} bytes is wanted`);
  }
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text as SQL writes it. With a backslash in it the form is used that means the same under every server setting. */
export function literal(text: string): string {
  refuseNul(text);
  const quoted = `'${text.replaceAll("'", "''")}'`;
  return text.includes('\\') ? `E${quoted.replaceAll('\\', '\\\\')}` : quoted;
}

function refuseNul(text: string): void {
  if (text.includes('\0')) throw new TypeError('PostgreSQL has no text with a zero byte');
}
