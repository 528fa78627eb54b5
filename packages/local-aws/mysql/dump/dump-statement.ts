/** What a statement of a dump is for the one who loads it. */
export type StatementKind =
  | { kind: 'run' }
  | { kind: 'schema'; name: string }
  | { kind: 'use'; name: string }
  | { kind: 'setting' }
  | { kind: 'account' }
  | { kind: 'table' }
  | { kind: 'clean' }
  /** Not run, and told with the reason. */
  | { kind: 'left-out'; because: string }
  /** Nothing can be loaded without it, and it cannot be done. */
  | { kind: 'refused'; because: string };

/** Schemas that the server itself has, which an upgrade makes anew. */
export const systemSchemas = [
  'mysql',
  'sys',
  'information_schema',
  'performance_schema',
  'ndbinfo',
  'innodb',
];

/** Text that servers of some versions run stands in comments of its own; here it is read as they do. */
const plain = (statement: string): string =>
  statement
    .slice(0, 4_000)
    .replaceAll(/\/\*M?!\d*|\*\//g, ' ')
    .trim();

const word = String.raw`(?:\x60(?:[^\x60]|\x60\x60)+\x60|'[^']*'|"[^"]*"|[\w$.%-]+)`;

/** In order: the first that matches says what a statement is. */
const rules: readonly [pattern: RegExp, kind: (match: RegExpMatchArray) => StatementKind][] = [
  [new RegExp(`^USE\\s+(${word})`, 'i'), ([, name = '']) => ({ kind: 'use', name: unquote(name) })],
  [
    new RegExp(
      `^CREATE\\s+(?:OR\\s+REPLACE\\s+)?(?:DATABASE|SCHEMA)\\s+(?:IF\\s+NOT\\s+EXISTS\\s+)?(${word})`,
      'i',
    ),
    ([, name = '']) => ({ kind: 'schema', name: unquote(name) }),
  ],
  [
    new RegExp(`^(?:ALTER|DROP)\\s+(?:DATABASE|SCHEMA)\\s+(?:IF\\s+EXISTS\\s+)?(${word})`, 'i'),
    ([, name = '']) => ({ kind: 'schema', name: unquote(name) }),
  ],
  [
    /^SET\b[^'"]*\bSQL_LOG_BIN\s*=/i,
    () => leftOut('without the log green would get nothing of what follows'),
  ],
  [/^SET\b[^'"]*\bGTID_(PURGED|NEXT|DOMAIN_ID|SEQ_NO)\b\s*=/i, () => leftOut('the server counts for itself')],
  [
    /(^SET\s+|,\s*)(GLOBAL\s|PERSIST(_ONLY)?\s|@@(GLOBAL|PERSIST(_ONLY)?)\s*\.)/i,
    (match) =>
      /^SET\b/i.test(match.input ?? '')
        ? leftOut('on RDS a parameter group sets what holds for the server')
        : { kind: 'run' },
  ],
  [/^SET\s+(PASSWORD|DEFAULT\s+ROLE|ROLE)\b/i, () => ({ kind: 'account' })],
  [/^SET\b/i, () => ({ kind: 'setting' })],
  [
    /^(CREATE|ALTER|DROP|RENAME)\s+(OR\s+REPLACE\s+)?(USER|ROLE)\b|^(GRANT|REVOKE)\b/i,
    () => ({ kind: 'account' }),
  ],
  [
    /^(CHANGE\s+(MASTER|REPLICATION)|(START|STOP|RESET)\s+(ALL\s+)?(SLAVE|REPLICA|MASTER|GROUP_REPLICATION|BINARY)|PURGE\b)/i,
    () => leftOut('who follows whom is set by the service'),
  ],
  [
    /^(FLUSH|SHUTDOWN|RESTART|KILL|INSTALL|UNINSTALL|CREATE\s+(UNDO\s+)?TABLESPACE|CREATE\s+LOGFILE|CREATE\s+SERVER|HELP)\b/i,
    () => leftOut('RDS lets nobody do this, or it has no place in a database'),
  ],
  [
    /^LOAD\s+(DATA|XML)\b|\bINTO\s+(OUT|DUMP)FILE\b/i,
    () => ({
      kind: 'refused',
      because:
        'the rows would come from or go to a file of the server; RDS gives nobody its files. Put the rows into the dump: mysqldump without --tab',
    }),
  ],
  [/^DROP\b/i, () => ({ kind: 'clean' })],
  [/^CREATE\s+(OR\s+REPLACE\s+)?(TEMPORARY\s+)?TABLE\b/i, () => ({ kind: 'table' })],
];

const leftOut = (because: string): StatementKind => ({ kind: 'left-out', because });

export function kindOf(statement: string): StatementKind {
  const text = plain(statement);
  for (const [pattern, kind] of rules) {
    const match = text.match(pattern);
    if (match) return kind(match);
  }
  return { kind: 'run' };
}

/** A command of the client that is no SQL; only between two statements it is one. */
export function commandIn(line: string): string | undefined {
  return /^\s*(\\[^\s]|source\s|system\s|pager\b|tee\s|edit\b)/i.test(line) ? line.trim() : undefined;
}

/** The account under which a trigger, view, event or routine runs; undefined where the statement makes none, or names nobody. */
export function definerIn(statement: string): { user: string; host: string } | undefined {
  const text = plain(statement);
  if (!/^CREATE\b/i.test(text)) return undefined;
  const found = new RegExp(`\\bDEFINER\\s*=\\s*(${word})\\s*@\\s*(${word})`, 'i').exec(text);
  return found ? { user: unquote(found[1] ?? ''), host: unquote(found[2] ?? '') } : undefined;
}

/** The schema in which a statement does something, where it names one itself. */
export function schemaIn(statement: string): string | undefined {
  const begin = String.raw`^(?:CREATE|ALTER|DROP|INSERT|REPLACE|UPDATE|DELETE|TRUNCATE|LOCK)\b(?:\s+(?:OR\s+REPLACE|INTO|IGNORE|FROM|TABLES?|VIEW|IF\s+(?:NOT\s+)?EXISTS))*`;
  const found = new RegExp(`${begin}\\s+(\x60(?:[^\x60])+\x60|\\w+)\\s*\\.`, 'i').exec(plain(statement));
  return found ? unquote(found[1] ?? '') : undefined;
}

/** Rights that RDS gives to nobody, and those that pass every fence. */
const kept =
  /\b(ALL(\s+PRIVILEGES)?|SUPER|SHUTDOWN|FILE|CONNECTION[ _]ADMIN|READ[ _]ONLY[ _]ADMIN|SYSTEM_USER|BINLOG[ _]ADMIN|REPLICATION[ _]SLAVE[ _]ADMIN)\b/i;

/** Whether a GRANT gives what only the service's own accounts have. */
export const givesTooMuch = (statement: string): boolean => {
  const [, rights = ''] = /^GRANT\s+(.*?)\s+ON\s+\*\.\*\s+TO\b/is.exec(plain(statement)) ?? [];
  return kept.test(rights);
};

/** The first account that a statement names, as SQL writes it. */
export function accountIn(statement: string): { user: string; host: string } | undefined {
  const found = new RegExp(`(${word})\\s*@\\s*(${word})`).exec(plain(statement));
  return found ? { user: unquote(found[1] ?? ''), host: unquote(found[2] ?? '') } : undefined;
}

/** The beginning of a statement on one line, for a message; passwords are left out. */
export function headOf(statement: string): string {
  const line = statement
    .slice(0, 2_000)
    .replaceAll(/\b(IDENTIFIED\b[^,;]*?|PASSWORD\b[^,;']*?)'(?:[^']|'')*'/gi, "$1'***'")
    .replaceAll(/\s+/g, ' ');
  return line.length > 120 ? `${line.slice(0, 120)}…` : line;
}

export function unquote(name: string): string {
  const [quote = ''] = name;
  return ['`', "'", '"'].includes(quote) ? name.slice(1, -1).replaceAll(quote + quote, quote) : name;
}
