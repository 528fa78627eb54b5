import { arn, att, ref } from '../cloudformation.ts';
import { aliasName, functionName, machineArn, machineArns } from '../names.ts';
import { allow, changing, type Grant, useMachineKey } from './statement.ts';

export const answerToken: Grant = (prefix) => [
  {
    actions: ['states:SendTaskSuccess'],
    resources: machineArns(prefix),
    why: 'answers the token of its own wait',
  },
  useMachineKey(
    prefix,
    ['kms:Decrypt', 'kms:GenerateDataKey'],
    'an answer becomes part of the history, which is under the key of the machine',
  ),
];

export const publish =
  (topic: 'Announcements' | 'Approvals', why: string): Grant =>
  () => [
    { actions: ['sns:Publish'], resources: [ref(topic)], why },
    {
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: [att('MessagesKey')],
      condition: { StringEquals: { 'kms:EncryptionContext:aws:sns:topicArn': ref(topic) } },
      why: 'the topic is under this key',
    },
  ];

/** Keys that seal. The rehearsal's counts for runs on copies alone. */
type SealingKey = 'LinkKey' | 'DecisionKey' | 'RehearsalKey';

export const seal = (key: SealingKey, why: string): Grant =>
  changing(() => [{ actions: ['kms:GenerateMac'], resources: [att(key)], why }]);

export const checkSeal =
  (key: SealingKey, why: string): Grant =>
  () => [{ actions: ['kms:VerifyMac'], resources: [att(key)], why }];

export const callDecide = allow(
  'lambda:InvokeFunction',
  (prefix) => arn('lambda', `function:${functionName(prefix, 'decide')}`),
  'hands the decision to the private function, which has the rights that the web has not',
);

export const wake = changing((prefix) => [
  {
    actions: ['states:SendTaskFailure'],
    resources: [machineArn(prefix, 'blue-green-deployment')],
    why: 'ends the tick of a wait, never of an approval, so that the run looks again',
  },
  useMachineKey(prefix, ['kms:Decrypt', 'kms:GenerateDataKey'], 'histories and answers are under this key'),
]);

export const askSql: Grant = (prefix) => [
  {
    actions: ['lambda:InvokeFunction'],
    resources: (['sqlPostgres', 'sqlMysql'] as const).map((key) =>
      arn('lambda', `function:${functionName(prefix, key)}:*`),
    ),
    why: 'asks the databases, by version only: the functions that speak SQL have the login, this one has not',
  },
];
/** The same right, for a function whose questions change something in a database (`functions/databases/change-log.ts`). */
export const changeBySql = changing(askSql);

export const signIn = changing(() => [
  {
    actions: ['secretsmanager:GetSecretValue'],
    resources: [arn('secretsmanager', 'secret:viridian-*')],
    why: 'the login of a request that names a secret',
  },
  {
    actions: ['rds-db:connect'],
    resources: [arn('rds-db', 'dbuser:*/viridian')],
    why: 'signs in with IAM database authentication where the request names no secret',
  },
]);

/** For callers whom IAM has let through; the execution itself asks for the approval. */
export const startForCallers = changing((prefix) => [
  {
    actions: ['states:StartExecution'],
    resources: machineArns(prefix),
    condition: { StringEquals: { 'states:StateMachineQualifier': aliasName } },
    why: 'starts a run, or going back, for a caller whom IAM knows, and seals who that is',
  },
]);

export const answerQuestion = changing((prefix) => [
  {
    actions: ['states:SendTaskFailure', 'states:SendTaskSuccess'],
    resources: machineArns(prefix),
    why: 'answers the open question of a run, or of an execution that goes back, or stops the run that a person asks to stop',
  },
  useMachineKey(prefix, ['kms:Decrypt', 'kms:GenerateDataKey'], 'histories and answers are under this key'),
]);
