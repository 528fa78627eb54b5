import { readSettings } from '../../deploy/settings.ts';

/** What a stack is without any parameter, as in serverless.yml. */
export const defaultParams = {
  stage: 'dev',
  email: '',
  approvers: '',
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
};

export const defaultSettings = readSettings(defaultParams);
