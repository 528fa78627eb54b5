import { readFileSync } from 'node:fs';
import { functionSpecs } from '../../deploy/functions.ts';
import { configureClients } from '../../functions/aws/clients/settings.ts';
import { findOpenToken } from '../../functions/aws/step-functions/open-token.ts';
import type { Decision } from '../../functions/domain/approval/decision.ts';
import type { Window } from '../../functions/domain/model/deployment.ts';
import type { Request } from '../../functions/domain/request/request.ts';
import { handler as askForApproval } from '../../functions/handlers/hold/ask-for-approval.ts';
import { handler as waitForApproval } from '../../functions/handlers/hold/wait-for-approval.ts';
import { handler as approvalPage } from '../../functions/http/approval-page.ts';
import { handler as decide } from '../../functions/http/decide.ts';
import { handler as decideWithIam } from '../../functions/http/decide-with-iam.ts';
import { handler as runPages } from '../../functions/http/run-pages.ts';
import { useClock } from '../../functions/runtime/clock.ts';
import { useLogSink } from '../../functions/runtime/log.ts';
import type { LocalClock } from '../../packages/local-aws/clock.ts';
import { createKmsService, KmsKeys } from '../../packages/local-aws/services/kms.ts';
import { type LambdaHandler, LambdaService } from '../../packages/local-aws/services/lambda.ts';
import { serveLambda } from '../../packages/local-aws/services/lambda-service.ts';
import { sfnService } from '../../packages/local-aws/services/sfn.ts';
import { SnsService } from '../../packages/local-aws/services/sns.ts';
import { StatesEngine } from '../../packages/local-aws/states/engine.ts';
import { createEndpoint, type Endpoint } from '../../packages/local-aws/wire/endpoint.ts';
import { apiRoutes } from '../../rehearsal/http-api.ts';
import { account, makeDeployment, makeRequest, makeWindow, region } from './facts.ts';
import { type Question, readQuestion } from './question.ts';
import { verifyingSts } from './verifying-sts.ts';
import { World } from './world.ts';

const mapState = 'Get the approval of every group';
const functions = { askForApproval, waitForApproval, approvalPage, decide, decideWithIam, runPages };

/** What a run is started with; the rest is as in facts.ts. */
export interface Start {
  request?: Request;
  window?: Window;
  name?: string;
  findings?: unknown[];
  tests?: unknown;
  deployment?: unknown;
}

/**
 * The approval as it is deployed, on this machine: its Map out of the real definition, its five functions, local Step
 * Functions, Lambda, KMS and SNS. Only what RDS and CloudWatch say is set by a test, in `world`.
 */
export class Stage {
  readonly states: StatesEngine;
  readonly sns: SnsService;
  readonly lambda: LambdaService;
  readonly endpoint: Endpoint;
  readonly keys: KmsKeys;
  readonly logs: string[] = [];
  /** What STS answers to everything, where it is not well. */
  stsRefuses: { code: string; status: number } | undefined;
  readonly topics: { approvals: string; announcements: string };
  readonly world: World;
  readonly #clock: LocalClock;
  readonly #stateMachineArn: string;

  constructor(clock: LocalClock) {
    this.#clock = clock;
    useClock(clock);
    useLogSink((line) => this.logs.push(line));
    this.keys = new KmsKeys({ clock, region, accountId: account });
    this.world = new World(clock);
    this.lambda = new LambdaService({ clock, region, accountId: account });
    for (const [name, handler] of Object.entries(functions))
      this.lambda.register(name, handler as LambdaHandler, {
        timeoutSeconds: functionSpecs[name as keyof typeof functions].timeoutSeconds,
      });
    const invoke = (name: string, payload: unknown) => this.lambda.invoke(name, payload);
    this.states = new StatesEngine({ clock, region, accountId: account, invoke });
    this.sns = new SnsService({ clock, account, region });
    this.endpoint = createEndpoint({
      clock,
      services: [
        ...this.world.services,
        this.sns,
        createKmsService(this.keys),
        serveLambda(this.lambda),
        sfnService(this.states),
      ],
      routes: [
        verifyingSts(clock, () => this.stsRefuses),
        ...apiRoutes({
          invoke,
          accountId: account,
          pageFunction: 'approvalPage',
          decideWithIamFunction: 'decideWithIam',
          runPagesFunction: 'runPages',
        }),
      ],
    });
    const credentials = { accessKeyId: 'TEST', secretAccessKey: 'test' };
    configureClients({ region, requestHandler: this.endpoint.requestHandler, credentials });
    this.#stateMachineArn = this.#registerMachine();
    this.topics = { approvals: this.#topic('approvals'), announcements: this.#topic('announcements') };
    this.#setEnvironment();
  }

  /** Ends what this stage has set for the process. */
  close(): void {
    useClock(undefined);
    useLogSink(undefined);
    configureClients(undefined);
  }

  /** Starts a run that is just about to ask; answers its ARN. */
  start({ request = makeRequest(), name, ...rest }: Start = {}): string {
    const input = {
      request,
      deployment: makeDeployment(),
      window: makeWindow(this.#clock.now()),
      findings: [],
      tests: {},
      ...rest,
    };
    const stateMachineArn = this.#stateMachineArn;
    const { executionArn } = this.states.startExecution({
      stateMachineArn,
      name,
      input: JSON.stringify(input),
    });
    this.world.owner = executionArn;
    return executionArn;
  }

  /** The questions that were sent, oldest first, as subscribers get them. */
  questions(topicArn = this.topics.approvals): Question[] {
    return this.sns.messages.filter((message) => message.topicArn === topicArn).map(readQuestion);
  }

  /** Waits, in the clock's time, until the group was asked and a look is over. */
  async question(executionArn: string, group = 'approvers'): Promise<Question> {
    for (let tries = 0; tries < 1_000; tries += 1) {
      const sent = this.questions().findLast(
        (one) => one.executionArn === executionArn && one.group === group,
      );
      if (sent && (await findOpenToken({ executionArn, kind: 'approval', group }))?.answer) return sent;
      await this.#clock.sleep(100);
    }
    throw new Error(`group ${group} was not asked`);
  }

  isRunning(executionArn: string): boolean {
    return this.states.describeExecution(executionArn).status === 'RUNNING';
  }

  /** How the run ended: its output, or the name and the cause of its failure. */
  async ended(
    executionArn: string,
  ): Promise<{ approval?: { decisions: Decision[] }; error?: string; cause?: string }> {
    const { output, error = '', cause = '' } = await this.states.settled(executionArn);
    return output === undefined ? { error, cause } : { approval: JSON.parse(output) };
  }

  /** Questions from now on go to a topic with one subscription for each of the filter policies, and no other. */
  subscribeOnly(...policies: object[]): void {
    const TopicArn = this.#createTopic('filtered');
    for (const [index, policy] of policies.entries())
      this.#subscribe(TopicArn, `queue-${index}`, { FilterPolicy: JSON.stringify(policy) });
    this.topics.approvals = TopicArn;
    this.#setEnvironment();
  }

  #topic(name: string): string {
    const TopicArn = this.#createTopic(name);
    this.#subscribe(TopicArn, name);
    return TopicArn;
  }

  #createTopic(name: string): string {
    const create = this.sns.operations.CreateTopic as (input: object) => { TopicArn: string };
    return create({ Name: name }).TopicArn;
  }

  #subscribe(TopicArn: string, queue: string, Attributes?: Record<string, string>): void {
    const Endpoint = `arn:aws:sqs:${region}:${account}:${queue}`;
    const subscribe = this.sns.operations.Subscribe as (input: object) => unknown;
    subscribe({ TopicArn, Protocol: 'sqs', Endpoint, Attributes });
  }

  #setEnvironment(): void {
    Object.assign(process.env, {
      APPROVALS_TOPIC_ARN: this.topics.approvals,
      ANNOUNCEMENTS_TOPIC_ARN: this.topics.announcements,
      LINK_KEY_ID: this.keys.create('HMAC_256').Arn,
      DECISION_KEY_ID: this.keys.create('HMAC_256').Arn,
      DECIDE_FUNCTION: 'decide',
      PAGE_URL: 'https://page.test/approval',
      RUNBOOK: 'https://runbook.example',
      STATE_MACHINE_ARN: this.#stateMachineArn,
      ROLL_BACK_STATE_MACHINE_ARN: `${this.#stateMachineArn}-back`,
    });
  }

  /** The Map of the real definition, between a state that sets its variables and two ends. */
  #registerMachine(): string {
    const file = new URL('../../statemachine/blue-green-deployment.asl.json', import.meta.url);
    const map = JSON.parse(readFileSync(file, 'utf8')).States[mapState];
    const variables = ['request', 'deployment', 'window', 'findings', 'tests'];
    const Assign = {
      ...Object.fromEntries(variables.map((name) => [name, `{% $states.input.${name} %}`])),
      approval: {},
      wayBack: { possible: false, because: 'the request names no wayBack.login' },
      statistics: null,
      pauseLeft: 0,
      failure: null,
    };
    const Catch = map.Catch.map((entry: object) => ({ ...entry, Next: 'Not approved' }));
    const definition = {
      QueryLanguage: 'JSONata',
      StartAt: 'Begin',
      States: {
        Begin: { Type: 'Pass', Assign, Next: mapState },
        [mapState]: { ...map, Next: 'Approved', Catch },
        Approved: { Type: 'Succeed', Output: '{% $approval %}' },
        'Not approved': { Type: 'Fail', Error: '{% $failure.error %}', Cause: '{% $failure.cause %}' },
      },
    };
    const names = Object.fromEntries(Object.keys(functions).map((name) => [name, name]));
    const { stateMachineArn } = this.states.registerStateMachine({
      name: 'viridian-approval',
      definition: JSON.stringify(definition),
      substitutions: { partition: 'aws', ...names },
    });
    this.states.machines.pointAlias('live', this.states.machines.publishVersion(stateMachineArn));
    return stateMachineArn;
  }
}
