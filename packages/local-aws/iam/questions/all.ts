import type { ControlPlane } from '../../rds/control-plane.ts';
import type { KmsKeys } from '../../services/kms.ts';
import type { LambdaService } from '../../services/lambda.ts';
import type { SecretsService } from '../../services/secrets.ts';
import type { StatesEngine } from '../../states/engine.ts';
import type { Questions } from '../access.ts';
import { RdsQuestions } from './rds.ts';
import {
  cloudWatchRows,
  kmsRows,
  lambdaRows,
  logsRows,
  type Rows,
  route53Rows,
  s3Rows,
  scalingRows,
  secretsRows,
  snsRows,
} from './services.ts';
import { questionsOfStates } from './states.ts';

/** What the questions of an account are about. */
export interface AskedServices {
  rds: ControlPlane;
  keys: KmsKeys;
  lambda: LambdaService;
  states: StatesEngine;
  secrets: SecretsService;
  /** Where the account is. */
  place: { region: string; accountId: string };
  /** Key of the account under which state machines are; none: they are under the service's own. */
  machineKey?: string;
  /** Key of the account under which topics are. */
  topicKey?: string;
}

/** What every operation of an account asks for. @throws on one that has no row */
export function questionsOf(services: AskedServices): { questions: Questions; rds: RdsQuestions } {
  const rds = new RdsQuestions(services.rds);
  const rows: Record<string, Rows> = {
    monitoring: cloudWatchRows(services.place),
    'application-autoscaling': scalingRows(services.place),
    kms: kmsRows(services.keys),
    lambda: lambdaRows(services.lambda),
    sns: snsRows(services.topicKey),
    route53: route53Rows,
    s3: s3Rows,
    logs: logsRows(services.place),
    secretsmanager: secretsRows(services.secrets),
    // Whoever has a key may ask whose it is.
    sts: { GetCallerIdentity: () => [] },
  };
  const questions: Questions = ({ service, operation }, input) => {
    if (service === 'rds') return rds.of(operation, input);
    if (service === 'states')
      return questionsOfStates(services.states, services.machineKey, operation, input);
    const row = rows[service]?.[operation];
    if (!row)
      throw new Error(`The local IAM does not know what ${operation} of ${service} asks for: add its row.`);
    return row(input);
  };
  return { questions, rds };
}
