import { escapeIdentifier } from 'pg';

/** What a statement of a dump is to the rehearsal. */
export type StatementKind =
  /** Makes the schema: run on blue, and later on green. */
  | 'schema'
  /** Setting of the session: like schema, but one that the server does not know is only a warning. */
  | 'setting'
  /** Rows, which replication carries to green. */
  | 'rows'
  /** Calls something that may make objects by itself; where it does, it is run on green as well. */
  | 'call'
  /** `COPY … FROM stdin`, with rows that follow it. */
  | 'copy'
  /** Rows that the server would read from a file or a program of its own. */
  | 'server-file'
  /** Fills a materialized view: run on green again when its rows are there. */
  | 'refresh'
  /** Roles and memberships, which belong to the server; green gets them from blue. */
  | 'role'
  /** Takes away what may not be there, as `pg_dump --clean` does. */
  | 'clean'
  /** Makes or changes a database. */
  | 'database'
  /** Concerns the server outside the database, or its replication; not run. */
  | 'left-out';

const KINDS: [RegExp, StatementKind][] = [
  [/^COPY\b.*\bFROM\s+stdin\b/is, 'copy'],
  [/^COPY\b.*\bFROM\s+(PROGRAM\b|')/is, 'server-file'],
  [/^COPY\b/i, 'left-out'],
  [/^(SET|RESET)\b/i, 'setting'],
  [/^SELECT\s+(pg_catalog\.)?set_config\b/i, 'setting'],
  [/^SELECT\s+(pg_catalog\.)?(setval|lo_\w+|lowrite)\b/i, 'rows'],
  [/^REFRESH\s+MATERIALIZED\b/i, 'refresh'],
  [/^(CREATE|ALTER|DROP)\s+(ROLE|USER|GROUP)\s+(?!MAPPING\b)/i, 'role'],
  [/^(COMMENT|SECURITY\s+LABEL\b.*)\s+ON\s+ROLE\b/is, 'role'],
  // What is granted ON nothing is a role.
  [/^(GRANT|REVOKE)\s+(?!.*\bON\b)/is, 'role'],
  [/^(CREATE|ALTER|DROP|COMMENT\s+ON)\s+DATABASE\b/i, 'database'],
  [/^(CREATE|ALTER|DROP|COMMENT\s+ON)\s+(SUBSCRIPTION|TABLESPACE)\b/i, 'left-out'],
  [/^ALTER\s+(TABLE|INDEX|MATERIALIZED\s+VIEW)\b.*\bSET\s+TABLESPACE\b/is, 'left-out'],
  [/^(GRANT|REVOKE)\b.*\bON\s+(DATABASE|TABLESPACE)\b/is, 'left-out'],
  [/^DROP\b/i, 'clean'],
  [/^ALTER\b(?!.*\b(ADD|SET|ATTACH)\b).*\b(DROP|DETACH\s+PARTITION)\b/is, 'clean'],
  [/^(SELECT|WITH|CALL)\b/i, 'call'],
  [
    /^(INSERT|UPDATE|DELETE|MERGE|VALUES|BEGIN|START|COMMIT|ROLLBACK|END|SAVEPOINT|RELEASE|TRUNCATE|ANALYZE|VACUUM|LOCK)\b/i,
    'rows',
  ],
];

export function kindOf(statement: string): StatementKind {
  return KINDS.find(([pattern]) => pattern.test(statement))?.[1] ?? 'schema';
}

const NAME = '(?:"(?:[^"]|"")+"|[\\w$\\u0080-\\uffff]+)';
const MEMBER = `(?:GROUP\\s+)?${NAME}`;
const NAMES = `${MEMBER}(?:\\s*,\\s*${MEMBER})*`;

/** Where a statement names roles that it expects to exist. */
const ROLE_PLACES = [
  `\\bOWNER\\s+TO\\s+(${NAME})\\s*$`,
  `^GRANT\\b.*\\bTO\\s+(${NAMES})(?:\\s+WITH\\b.*|\\s+GRANTED\\b.*)?$`,
  `^GRANT\\s+(${NAMES})\\s+TO\\s+(?!.*\\bON\\b)`,
  `\\bGRANTED\\s+BY\\s+(${NAME})\\s*(?:CASCADE|RESTRICT)?$`,
  `^REVOKE\\b.*\\bFROM\\s+(${NAMES})(?:\\s+GRANTED\\b.*|\\s+CASCADE|\\s+RESTRICT)?$`,
  `^ALTER\\s+DEFAULT\\s+PRIVILEGES\\s+FOR\\s+(?:ROLE|USER)\\s+(${NAMES})`,
  `^ALTER\\s+DEFAULT\\s+PRIVILEGES\\b.*\\b(?:TO|FROM)\\s+(${NAMES})(?:\\s+WITH\\b.*)?$`,
  `^ALTER\\s+GROUP\\s+(${NAME})\\s+(?:ADD|DROP)\\s+USER\\b`,
  `^ALTER\\s+GROUP\\b.*\\b(?:ADD|DROP)\\s+USER\\s+(${NAMES})`,
  `^(?:ALTER|COMMENT\\s+ON)\\s+(?:ROLE|USER)\\s+(?!MAPPING\\b|ALL\\b)(${NAME})`,
  `^CREATE\\s+(?:ROLE|USER|GROUP)\\b.*\\bIN\\s+(?:ROLE|GROUP)\\s+(${NAMES})`,
  `^CREATE\\s+(?:ROLE|USER|GROUP)\\b.*\\bADMIN\\s+(${NAMES})`,
  `^CREATE\\s+(?:ROLE|USER|GROUP)\\s+${NAME}\\b.*(?<!\\bIN\\s+)\\b(?:ROLE|USER)\\s+(${NAMES})`,
  `^CREATE\\s+SCHEMA\\b.*\\bAUTHORIZATION\\s+(${NAME})`,
  `^SET\\s+(?:SESSION\\s+|LOCAL\\s+)?SESSION\\s+AUTHORIZATION\\s+'?(${NAME})'?`,
  `^SET\\s+(?:SESSION\\s+|LOCAL\\s+)?ROLE\\s+'?(${NAME})'?`,
  `^CREATE\\s+POLICY\\b.*?\\bTO\\s+(${NAMES})(?:\\s+(?:USING|WITH)\\b.*)?$`,
  `^ALTER\\s+POLICY\\b.*?\\bTO\\s+(?!${NAME}$)(${NAMES})(?:\\s+(?:USING|WITH)\\b.*)$`,
  `^(?:CREATE|ALTER)\\s+USER\\s+MAPPING\\b.*?\\bFOR\\s+(${NAME})`,
  `^REASSIGN\\s+OWNED\\s+BY\\s+(${NAMES})\\s+TO\\b`,
  `^REASSIGN\\s+OWNED\\b.*\\bTO\\s+(${NAME})`,
  `^DROP\\s+OWNED\\s+BY\\s+(${NAMES})`,
].map((pattern) => new RegExp(pattern, 'is'));

const NOT_ROLES = new Set([
  'public',
  'current_user',
  'session_user',
  'current_role',
  'default',
  'none',
  'user',
]);

/** Roles that a statement expects to exist, as their names are without quotes. */
export function rolesIn(statement: string): string[] {
  const lists = ROLE_PLACES.map((place) => place.exec(statement)?.[1]).filter((list) => list !== undefined);
  const members = lists.flatMap((list) => list.match(new RegExp(MEMBER, 'gi')) ?? []);
  const names = members.map((member) => unquote(member.replace(/^GROUP\s+/i, '')));
  return [...new Set(names)].filter((name) => !NOT_ROLES.has(name));
}

/** Role as which what follows is run. */
export function roleSetIn(statement: string): string | undefined {
  const match = new RegExp(
    `^SET\\s+(?:SESSION\\s+|LOCAL\\s+)?(?:SESSION\\s+AUTHORIZATION|ROLE)\\s+'?(${NAME})'?`,
    'i',
  ).exec(statement);
  const name = match?.[1] && unquote(match[1]);
  return name !== undefined && !NOT_ROLES.has(name) ? name : undefined;
}

/** The first name behind these words of a statement. */
function nameAfter(words: string, statement: string): string | undefined {
  const match = new RegExp(`^${words}\\s+(${NAME})`, 'i').exec(statement);
  return match?.[1] && unquote(match[1]);
}

/** Role that a statement makes. */
export const roleMadeIn = (statement: string) => nameAfter('CREATE\\s+(?:ROLE|USER|GROUP)', statement);

/** Extension that a statement makes. */
export const extensionIn = (statement: string) =>
  nameAfter('CREATE\\s+EXTENSION(?:\\s+IF\\s+NOT\\s+EXISTS)?', statement);

/** Database that a statement makes or changes. */
export const databaseIn = (statement: string) =>
  nameAfter('(?:CREATE|ALTER|DROP|COMMENT\\s+ON)\\s+DATABASE(?:\\s+IF\\s+EXISTS)?', statement);

/** A statement of a role that holds in one database alone, with that database's name here. */
export const inDatabase = (statement: string) => ({
  database: nameAfter('ALTER\\s+(?:ROLE|USER)\\s+.*?\\bIN\\s+DATABASE', statement),
  named: (name: string) =>
    statement.replace(
      new RegExp(`\\bIN\\s+DATABASE\\s+${NAME}`, 'i'),
      `IN DATABASE ${escapeIdentifier(name)}`,
    ),
});

/** Name and value of a setting of the session, the value without quotes. */
export function settingIn(statement: string): { name: string; value: string } | undefined {
  const set = /^SET\s+(?:SESSION\s+|LOCAL\s+)?([\w.]+)\s*(?:=|\s+TO\s)\s*(.*)$/is.exec(statement);
  const names = /^SET\s+NAMES\s+(.*)$/is.exec(statement);
  const call = /^SELECT\s+(?:pg_catalog\.)?set_config\s*\(\s*'([^']*)'\s*,\s*'([^']*)'/is.exec(statement);
  const found = set ?? call ?? (names && ['', 'client_encoding', names[1]]);
  if (!found) return undefined;
  const value = (found[2] ?? '').trim().replace(/^'(.*)'$/s, '$1');
  return { name: (found[1] ?? '').toLowerCase(), value };
}

/** Settings of a role that RDS gives to nobody, or that have no meaning outside of the server where they were made. */
const NOT_GIVEN = /\b(NO)?(SUPERUSER|REPLICATION|BYPASSRLS)\b/gi;

/** The words of a role's statement that give rights which RDS keeps for itself. */
export function keptByRds(statement: string): string[] {
  return (withoutStrings(statement).match(NOT_GIVEN) ?? []).filter((word) => !/^NO/i.test(word));
}

/** A role's statement without the rights that RDS gives to nobody. The words stand in no string: names and passwords are quoted. */
export const withoutKeptRights = (statement: string) =>
  statement.replace(/('(?:[^']|'')*'|"(?:[^"]|"")*")|\b(?:NO)?(?:SUPERUSER|REPLICATION|BYPASSRLS)\b/gi, '$1');

/** A role that is there already is brought in line instead of being made. */
export const alteringRole = (statement: string) =>
  statement.replace(/^CREATE\s+(ROLE|USER|GROUP)/i, 'ALTER ROLE').replace(/\bIN\s+(?:ROLE|GROUP)\b.*$/is, '');

/** A statement that makes a schema does not mind one that is there; one that makes objects in it cannot say so. */
export const toleratingSchema = (statement: string) =>
  new RegExp(
    `^CREATE\\s+SCHEMA\\s+(?!IF\\b)(?:${NAME}|AUTHORIZATION\\s+${NAME}|${NAME}\\s+AUTHORIZATION\\s+${NAME})$`,
    'i',
  ).test(statement)
    ? statement.replace(/^CREATE\s+SCHEMA/i, 'CREATE SCHEMA IF NOT EXISTS')
    : statement;

/** A foreign key that is kept for new rows alone. */
export const withoutCheck = (statement: string) =>
  /^ALTER\s+TABLE\b.*\bADD\s+CONSTRAINT\b.*\bFOREIGN\s+KEY\b/is.test(statement) &&
  !/\bNOT\s+VALID$/i.test(statement)
    ? `${statement} NOT VALID`
    : statement;

/** Makes something that may have a tablespace of its own; RDS keeps all of them on one disk. */
export function withoutTablespace(statement: string): string {
  if (
    !/^CREATE\b.*\b(TABLE|INDEX|MATERIALIZED)\b.*\bTABLESPACE\b|^ALTER\s+TABLE\b.*\bUSING\s+INDEX\s+TABLESPACE\b/is.test(
      statement,
    )
  )
    return statement;
  const pattern = new RegExp(
    `('(?:[^']|'')*')|\\s(?:USING\\s+INDEX\\s+)?TABLESPACE\\s+${NAME}(?=\\s|\\)|,|$)`,
    'gi',
  );
  return statement.replace(pattern, '$1');
}

/** The beginning of a statement on one line, for a message; passwords are left out. */
export function headOf(statement: string): string {
  const line = statement.replace(/\bPASSWORD\s+'(?:[^']|'')*'/gi, "PASSWORD '***'").replace(/\s+/g, ' ');
  return line.length > 120 ? `${line.slice(0, 120)}…` : line;
}

function withoutStrings(statement: string): string {
  return statement.replace(/'(?:[^']|'')*'|"(?:[^"]|"")*"/g, '');
}

export function unquote(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name.toLowerCase();
}
