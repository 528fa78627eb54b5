import { readSettings } from '../../deploy/settings.ts';

/** What a stack is without any parameter, as in serverless.yml. */
export const defaultParams = {
  stage: 'dev',
  email: '',
  approvers: '',
  approvalEndpoints: '',
  unapprovedRuns: 'refused',
  runbook: 'docs/runbook.md',
  logDays: '90',
  approvalAlarmHours: '12',
  windows: 'config/maintenance-windows.json',
  reservedConcurrency: 'false',
  subnets: '',
  securityGroups: '',
  domain: '',
  certificate: '',
  jwtIssuer: '',
  jwtAudience: '',
  startFromAccounts: '',
  wayBackRecords: '',
  readRampRecords: '',
  loadStatements: '',
  permissionsBoundary: '',
  rolePath: '/',
  tags: '',
  dataKey: '',
  databases: '',
  evidenceMode: 'GOVERNANCE',
  evidenceYears: '7',
  copySecurityGroup: '',
};

export const defaultSettings = readSettings(defaultParams);

/** A record by which production may go back; docs/permissions.md is written with the same. */
export const wayBackRecords = 'Z0123456789ABCDEFGHIJ/orders-db.example.com';

/** A record by which readers come, likewise. */
export const readRampRecords = 'Z0123456789ABCDEFGHIJ/orders-readers.example.com';

/** A file of statements for a load test, likewise. */
export const loadStatements = 'orders-tests/load.sql';

/** With everything that gives a function further rights. */
export const fullSettings = readSettings({
  ...defaultParams,
  wayBackRecords,
  readRampRecords,
  loadStatements,
});
