import {
  arn,
  att,
  functionId,
  type Intrinsic,
  type Resource,
  type Resources,
  ref,
  sub,
  type Value,
} from './cloudformation.ts';
import type { FunctionKey } from './functions.ts';
import type { Settings } from './settings.ts';

/** The page that anybody with a link may open, and the route for people whom IAM knows. */
export const pagePath = '/approval';
export const decidePath = '/decide';
/** The pages of runs, for people who have signed in. */
export const runsPath = '/runs';

/** An HTTP API with these routes. Payloads have the format 2.0: bodies arrive in Base64, HEAD as any other method. */
export function describeApi(settings: Settings): Resources {
  const { prefix, domain, authorizer } = settings;
  return {
    Api: {
      Type: 'AWS::ApiGatewayV2::Api',
      Properties: {
        Name: `${prefix}-approvals`,
        ProtocolType: 'HTTP',
        DisableExecuteApiEndpoint: domain !== undefined,
      },
    },
    ApiStage: stage,
    ...routes('Page', [`ANY ${pagePath}`], 'approvalPage', authorizer ? signedIn : anybody),
    ...routes('Decide', [`POST ${decidePath}`], 'decideWithIam', knownByIam),
    ...routes(
      'Runs',
      [`GET ${runsPath}`, `GET ${runsPath}/{name}`],
      'runPages',
      authorizer ? signedIn : knownByIam,
    ),
    ...(authorizer && {
      ApiAuthorizer: {
        Type: 'AWS::ApiGatewayV2::Authorizer',
        Properties: {
          ApiId: ref('Api'),
          Name: 'people',
          AuthorizerType: 'JWT',
          IdentitySource: ['$request.header.Authorization'],
          JwtConfiguration: { Issuer: authorizer.issuer, Audience: authorizer.audience },
        },
      },
    }),
    ...(domain && describeDomain(domain)),
  };
}

/** Where people reach the page: the configured domain, or the API's own address. */
export const pageUrl = ({ domain }: Settings): string | Intrinsic =>
  domain
    ? `https://${domain.name}${pagePath}`
    : sub(`https://\${Api}.execute-api.\${AWS::Region}.\${AWS::URLSuffix}${pagePath}`);

/** Ten links a second are far more than people open, and too few to guess a seal or to run up a bill. */
const throttle: Value = { ThrottlingRateLimit: 10, ThrottlingBurstLimit: 20 };

/** The access log names no path and no query string, because they hold the sealed link. */
const accessLog = {
  requestId: '$context.requestId',
  time: '$context.requestTime',
  ip: '$context.identity.sourceIp',
  method: '$context.httpMethod',
  route: '$context.routeKey',
  status: '$context.status',
  bytes: '$context.responseLength',
  caller: '$context.identity.userArn',
};

const stage: Resource = {
  Type: 'AWS::ApiGatewayV2::Stage',
  DependsOn: ['PageRoute', 'DecideRoute', 'RunsRoute', 'RunsRoute2'],
  Properties: {
    ApiId: ref('Api'),
    StageName: '$default',
    AutoDeploy: true,
    DefaultRouteSettings: throttle,
    AccessLogSettings: { DestinationArn: att('ApiLog'), Format: JSON.stringify(accessLog) },
  },
};

const anybody = { AuthorizationType: 'NONE' };
const knownByIam = { AuthorizationType: 'AWS_IAM' };
const signedIn = { AuthorizationType: 'JWT', AuthorizerId: ref('ApiAuthorizer') };

/** Routes of one path, and of what lies below it, to one function. */
function routes(
  id: string,
  routeKeys: [first: string, ...more: string[]],
  key: FunctionKey,
  authorization: Resource['Properties'],
): Resources {
  const [path = ''] = /\/[^/]*$/.exec(routeKeys[0]) ?? [];
  return {
    [`${id}Integration`]: {
      Type: 'AWS::ApiGatewayV2::Integration',
      Properties: {
        ApiId: ref('Api'),
        IntegrationType: 'AWS_PROXY',
        IntegrationUri: att(functionId(key)),
        PayloadFormatVersion: '2.0',
        TimeoutInMillis: 30_000,
      },
    },
    ...Object.fromEntries(
      routeKeys.map((RouteKey, index) => [
        `${id}Route${index === 0 ? '' : index + 1}`,
        {
          Type: 'AWS::ApiGatewayV2::Route',
          Properties: {
            ApiId: ref('Api'),
            RouteKey,
            Target: sub(`integrations/\${${id}Integration}`),
            ...authorization,
          },
        },
      ]),
    ),
    [`${id}Permission`]: {
      Type: 'AWS::Lambda::Permission',
      Properties: {
        FunctionName: ref(functionId(key)),
        Action: 'lambda:InvokeFunction',
        Principal: 'apigateway.amazonaws.com',
        SourceArn: arn('execute-api', `\${Api}/*/*${path}${routeKeys.length > 1 ? '*' : ''}`),
      },
    },
  };
}

function describeDomain({ name, certificate }: NonNullable<Settings['domain']>): Resources {
  return {
    ApiDomain: {
      Type: 'AWS::ApiGatewayV2::DomainName',
      Properties: {
        DomainName: name,
        DomainNameConfigurations: [
          { CertificateArn: certificate, EndpointType: 'REGIONAL', SecurityPolicy: 'TLS_1_2' },
        ],
      },
    },
    ApiMapping: {
      Type: 'AWS::ApiGatewayV2::ApiMapping',
      DependsOn: ['ApiStage'],
      Properties: { ApiId: ref('Api'), DomainName: ref('ApiDomain'), Stage: '$default' },
    },
  };
}
