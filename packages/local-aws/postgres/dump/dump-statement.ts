/** What a statement of a dump is to the rehearsal. */
export type StatementKind =
  /** Makes the schema: run on blue, and later on green. */
  | 'schema'
  /** Setting of the session: like schema, but one that the server does not know is only a warning. */
  | 'setting'
  /** Rows, which replication carries to green. */
  | 'rows'
  /** `COPY … FROM stdin`, with rows that follow it. */
  | 'copy'
  /** Fills a materialized view: run on green again when its rows are there. */
  | 'refresh'
  /** Concerns the server outside the database, or its replication; not run. */
  | 'left-out';

const KINDS: [RegExp, StatementKind][] = [
  [/^COPY\b.*\bFROM\s+stdin\b/is, 'copy'],
  [/^(SET|RESET)\b/i, 'setting'],
  [/^SELECT\s+(pg_catalog\.)?set_config\b/i, 'setting'],
  [/^REFRESH\s+MATERIALIZED\b/i, 'refresh'],
  [/^(CREATE|ALTER|DROP|COMMENT\s+ON)\s+(DATABASE|SUBSCRIPTION|TABLESPACE)\b/i, 'left-out'],
  [/^(GRANT|REVOKE)\b.*\bON\s+DATABASE\b/is, 'left-out'],
  [
    /^(SELECT|INSERT|UPDATE|DELETE|MERGE|WITH|VALUES|COPY|BEGIN|START|COMMIT|TRUNCATE|ANALYZE|VACUUM)\b/i,
    'rows',
  ],
];

export function kindOf(statement: string): StatementKind {
  return KINDS.find(([pattern]) => pattern.test(statement))?.[1] ?? 'schema';
}

const NAME = '(?:"(?:[^"]|"")+"|[\\w$\\u0080-\\uffff]+)';
const NAMES = `${NAME}(?:\\s*,\\s*${NAME})*`;

/** Where a statement names roles that it expects to exist. */
const ROLE_PLACES = [
  `\\bOWNER\\s+TO\\s+(${NAME})\\s*$`,
  `^GRANT\\b.*\\bTO\\s+(${NAMES})(?:\\s+WITH\\b.*|\\s+GRANTED\\b.*)?$`,
  `^REVOKE\\b.*\\bFROM\\s+(${NAMES})(?:\\s+GRANTED\\b.*|\\s+CASCADE|\\s+RESTRICT)?$`,
  `^ALTER\\s+DEFAULT\\s+PRIVILEGES\\s+FOR\\s+(?:ROLE|USER)\\s+(${NAMES})`,
  `^ALTER\\s+DEFAULT\\s+PRIVILEGES\\b.*\\b(?:TO|FROM)\\s+(${NAMES})(?:\\s+WITH\\b.*)?$`,
  `^CREATE\\s+SCHEMA\\b.*\\bAUTHORIZATION\\s+(${NAME})`,
  `^SET\\s+SESSION\\s+AUTHORIZATION\\s+'?(${NAME})'?`,
  `^CREATE\\s+POLICY\\b.*?\\bTO\\s+(${NAMES})(?:\\s+(?:USING|WITH)\\b.*)?$`,
  `^CREATE\\s+USER\\s+MAPPING\\b.*?\\bFOR\\s+(${NAME})`,
].map((pattern) => new RegExp(pattern, 'is'));

const NOT_ROLES = new Set(['public', 'current_user', 'session_user', 'current_role', 'default']);

/** Roles that a statement expects to exist, as their names are without quotes. */
export function rolesIn(statement: string): string[] {
  const lists = ROLE_PLACES.map((place) => place.exec(statement)?.[1]).filter((list) => list !== undefined);
  const names = lists.flatMap((list) => list.match(new RegExp(NAME, 'g')) ?? []);
  return names.map(unquote).filter((name) => !NOT_ROLES.has(name));
}

/** Extension that a statement makes. */
export function extensionIn(statement: string): string | undefined {
  const match = new RegExp(`^CREATE\\s+EXTENSION\\s+(?:IF\\s+NOT\\s+EXISTS\\s+)?(${NAME})`, 'i').exec(
    statement,
  );
  return match?.[1] && unquote(match[1]);
}

function unquote(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name.toLowerCase();
}
