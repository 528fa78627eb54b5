/** A text as SQL writes it. With a backslash in it the form is used that means the same under every server setting. */
export function literal(text: string): string {
  if (text.includes('\0')) throw new TypeError('PostgreSQL has no text with a zero byte');
  const quoted = `'${text.replaceAll("'", "''")}'`;
  return text.includes('\\') ? `E${quoted.replaceAll('\\', '\\\\')}` : quoted;
}
