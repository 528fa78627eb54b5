import { arn, att, sub } from '../cloudformation.ts';
import { functionLogGroup, machineArns } from '../names.ts';
import type { Grant } from './statement.ts';
import { useMachineKey } from './statement.ts';

/** Of every machine: an execution that goes back, or rehearses, has a record of its own. */
export const readExecutions =
  (lists: string, reads: string): Grant =>
  (prefix) => [
    { actions: ['states:ListExecutions'], resources: machineArns(prefix), why: lists },
    {
      actions: ['states:DescribeExecution', 'states:GetExecutionHistory'],
      resources: [arn('states', `execution:${prefix}-*`)],
      why: reads,
    },
    useMachineKey(prefix, ['kms:Decrypt'], 'histories are under this key'),
  ];

export const readChangeLogs: Grant = (prefix) => [
  {
    actions: ['logs:FilterLogEvents'],
    resources: [arn('logs', `log-group:${functionLogGroup(prefix, '*')}:*`)],
    why: 'the lines about changing calls',
  },
];

export const keepRecords: Grant = () => [
  {
    actions: ['s3:ListBucket'],
    resources: [att('Evidence')],
    why: 'finds the newest record, and whether there is one already',
  },
  {
    actions: ['s3:GetObject', 's3:PutObject'],
    resources: [sub(`\${Evidence.Arn}/*`)],
    why: 'a record names the digest of the one before it; nothing can be overwritten or deleted',
  },
  { actions: ['kms:Sign'], resources: [att('EvidenceKey')], why: 'signs the record' },
];
