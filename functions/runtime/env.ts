/** Every variable that a function reads from its environment. */
export type Variable =
  | 'ANNOUNCEMENTS_TOPIC_ARN'
  | 'APPROVALS_TOPIC_ARN'
  | 'ARTEFACT_DIGEST'
  | 'CHANGE_LOGS'
  | 'COPY_SECURITY_GROUP'
  | 'DATABASES'
  | 'DECIDE_FUNCTION'
  | 'DECISION_KEY_ID'
  | 'EVIDENCE_BUCKET'
  | 'EVIDENCE_KEY_ARN'
  | 'LINK_KEY_ID'
  | 'LOAD_STATEMENTS'
  | 'MARK_DATABASES_FUNCTION'
  | 'PAGE_URL'
  | 'RDS_CA_FILE'
  | 'READ_RAMP_RECORDS'
  | 'REHEARSAL_KEY_ID'
  | 'REHEARSAL_STATE_MACHINE_ARN'
  | 'ROLL_BACK_STATE_MACHINE_ARN'
  | 'RUNBOOK'
  | 'SQL_MYSQL_FUNCTION'
  | 'SQL_POSTGRES_FUNCTION'
  | 'STATE_MACHINE_ARN'
  | 'UNAPPROVED_RUNS'
  | 'WAY_BACK_RECORDS';

/** The value of a variable; a missing one is an error that names it. */
export function env(variable: Variable): string {
  const value = process.env[variable];
  if (!value) throw new Error(`the environment variable ${variable} is not set: deploy the function with it`);
  return value;
}
