import { sources } from '../sources.ts';
import { isMajor, majorOf, postgresEngines, type SqlCheck } from './check.ts';

/** Settings that a major version does not know any more (release notes, "Migration"). */
const removedIn: readonly [setting: string, major: number][] = [
  ['wal_keep_segments', 13],
  ['operator_precedence_warning', 14],
  ['vacuum_cleanup_index_scale_factor', 14],
  ['stats_temp_directory', 15],
  ['force_parallel_mode', 16],
  ['promote_trigger_file', 16],
  ['vacuum_defer_cleanup_age', 16],
  ['db_user_namespace', 17],
  ['old_snapshot_threshold', 17],
  ['trace_recovery_messages', 17],
];

export const removedSettings: SqlCheck = {
  id: 'removed-settings',
  engines: postgresEngines,
  of: 'server',
  looksAt: 'Settings of roles and databases that the new major version does not know.',
  query: ({ from, to }) => {
    const gone = removedIn.filter(([, major]) => majorOf(from) < major && majorOf(to) >= major);
    return `SELECT format('%s%s: %s', coalesce('role ' || quote_ident(r.rolname), 'every role'), ' in ' || quote_ident(d.datname), c.setting)
      FROM pg_db_role_setting s LEFT JOIN pg_roles r ON r.oid = s.setrole LEFT JOIN pg_database d ON d.oid = s.setdatabase
        CROSS JOIN LATERAL unnest(s.setconfig) AS c (setting)
     WHERE split_part(c.setting, '=', 1) = ANY (ARRAY[${gone.map(([setting]) => `'${setting}'`).join(', ')}]::text[])`;
  },
  severity: (plan) => (isMajor(plan) ? 'blocker' : null),
  seen: 'settings that the new version does not know',
  means:
    'Roles and databases are made anew with their settings in the upgrade of green, which fails on an unknown one.',
  mend: 'ALTER ROLE or ALTER DATABASE … RESET each.',
  source: sources.upgrade,
};
