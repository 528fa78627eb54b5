/** A name as it stands in a statement. */
export function identifier(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}

/** A text as it stands in a statement. Sessions of ours take a backslash for what it is by default, an escape. */
export function literal(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''").replaceAll('\0', '\\0')}'`;
}

/** Texts for an IN list; one that nothing equals where there is none. */
export function literals(texts: readonly string[]): string {
  return texts.length === 0 ? 'NULL' : texts.map(literal).join(', ');
}

/** An account as statements name it. */
export function accountName({ user, host }: { user: string; host: string }): string {
  return `${literal(user)}@${literal(host)}`;
}

/** A table with its schema. */
export function tableName({ schema, name }: { schema: string; name: string }): string {
  return `${identifier(schema)}.${identifier(name)}`;
}
