import { sources } from '../sources.ts';
import { postgresEngines, type SqlCheck } from './check.ts';

export const pendingRestart: SqlCheck = {
  id: 'pending-restart',
  engines: postgresEngines,
  of: 'server',
  looksAt: 'Settings that were changed and wait for a restart of the server.',
  query: `SELECT name FROM pg_settings WHERE pending_restart`,
  severity: () => 'warning',
  seen: 'settings that wait for a restart',
  means: 'Green starts with the new values, which blue has never run with.',
  mend: 'Reboot blue at a quiet moment before the change, or take them back.',
  source: sources.postgres,
};
