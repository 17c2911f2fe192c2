import { beforeAll, describe, expect, it } from 'vitest';
import type { FunctionDeclaration } from '../../infra/declaration.ts';
import { FUNCTIONS } from '../../infra/functions.ts';
import { realTemplate, type SynthesizedTemplate } from '../support/template.ts';

let template: SynthesizedTemplate;
beforeAll(async () => {
  template = await realTemplate();
});

/** Says nothing about a tenant. */
const ABOUT = ['$default'];
/** Pages, whose functions find out themselves who somebody is. */
const PAGES = [
  'ANY /',
  'ANY /web/{page+}',
  'ANY /approvals/{token}',
  'ANY /sign-in',
  'ANY /sign-in/{step+}',
  'ANY /sign-out',
  'ANY /slack/link/{token}',
];
/** Opened by a flag key or a token, which the function checks. */
const KEYED = ['ANY /metrics', 'OPTIONS /ofrep/v1/evaluate/{proxy+}', 'POST /ofrep/v1/evaluate/{proxy+}'];
/** Signed by Slack, which the function verifies. */
const SIGNED = ['ANY /slack/interactions'];

function routes(authorization: string): string[] {
  return template
    .of('AWS::ApiGatewayV2::Route')
    .filter(({ properties }) => properties.AuthorizationType === authorization)
    .map(({ properties }) => properties.RouteKey)
    .sort();
}

describe('the two APIs', () => {
  it('offer people and machines the same routes', () => {
    expect(routes('JWT')).toEqual(routes('AWS_IAM'));
    expect(routes('JWT')).toContain('ANY /api/v1/promotions/{proxy+}');
    expect(routes('JWT')).toContain('ANY /api/v1/{proxy+}');
  });

  it('let nobody in without an identity, but for what says nothing about a tenant, and the pages of people', () => {
    const closed = routes('JWT').map((key) => key.split(' ')[1] ?? '');
    const byCookie = closed
      .filter((path) => path.startsWith('/api/'))
      .map((path) => `ANY /web${path.replace(/\/\{proxy\+\}$/, '')}/{proxy+}`);
    const open = [...ABOUT, ...ABOUT, ...PAGES, ...KEYED, ...SIGNED, ...new Set(byCookie)];
    expect(routes('NONE')).toEqual(open.sort());
    const total = template.of('AWS::ApiGatewayV2::Route').length;
    expect(routes('NONE').length + routes('JWT').length + routes('AWS_IAM').length).toBe(total);
  });

  it('call their functions, and no other, each by one role', () => {
    const roles = template
      .of('AWS::ApiGatewayV2::Integration')
      .map(({ properties }) => properties.CredentialsArn['Fn::GetAtt'][0]);
    expect(new Set(roles).size).toBe(2);
    const http = FUNCTIONS.filter(({ trigger }: FunctionDeclaration) => trigger.type === 'http').length;
    for (const role of new Set(roles)) {
      const policies = template
        .of('AWS::IAM::Policy')
        .filter(({ properties }) => properties.Roles.some(({ Ref: id }: { Ref: string }) => id === role));
      const [statement, ...more] = policies.flatMap(({ properties }) => properties.PolicyDocument.Statement);
      expect(more).toEqual([]);
      expect(statement).toMatchObject({ Action: 'lambda:InvokeFunction', Effect: 'Allow' });
      const called = roles.filter((each) => each === role).length;
      expect(statement.Resource).toHaveLength(called);
      expect(called).toBeLessThanOrEqual(http);
    }
    const asked = template
      .of('AWS::Lambda::Permission')
      .filter(({ properties }) => properties.Principal === 'apigateway.amazonaws.com');
    expect(asked).toEqual([]);
  });

  it('tell every function that pages ask where the pages are', () => {
    const asked = FUNCTIONS.filter(
      ({ trigger }: FunctionDeclaration) =>
        trigger.type === 'http' &&
        trigger.paths.some(({ path, open }) => open === false && path.startsWith('/api/')),
    ).map(({ name }) => name);
    const told = template
      .of('AWS::Lambda::Function')
      .filter(({ properties }) => properties.Environment.Variables.PUBLIC_URL !== undefined)
      .map(({ properties }) => properties.Environment.Variables.POWERTOOLS_SERVICE_NAME);
    expect(told).toEqual(expect.arrayContaining(asked));
    expect(asked.length).toBeGreaterThan(8);
  });

  it('accept tokens of this pool for this client only', () => {
    const { properties } = template.the('AWS::ApiGatewayV2::Authorizer');
    const client = template.the('AWS::Cognito::UserPoolClient');
    const pool = template.the('AWS::Cognito::UserPool');
    expect(properties.JwtConfiguration.Audience).toEqual([{ Ref: client.id }]);
    expect(JSON.stringify(properties.JwtConfiguration.Issuer)).toContain(pool.id);
  });

  it('throttle, and log the route but never the path', () => {
    const stages = template.of('AWS::ApiGatewayV2::Stage');
    expect(stages).toHaveLength(2);
    for (const { properties } of stages) {
      expect(properties.DefaultRouteSettings).toMatchObject({
        ThrottlingRateLimit: expect.any(Number),
        ThrottlingBurstLimit: expect.any(Number),
      });
      const format = properties.AccessLogSettings.Format;
      expect(format).toContain('$context.routeKey');
      expect(format).not.toMatch(
        /\$context\.(path|resourcePath|customDomain|requestOverride)|\$request|query/i,
      );
    }
  });
});

describe('the people', () => {
  it('do not sign up by themselves and need a second factor', () => {
    const { properties } = template.the('AWS::Cognito::UserPool');
    expect(properties.AdminCreateUserConfig.AllowAdminCreateUserOnly).toBe(true);
    expect(properties.MfaConfiguration).toBe('ON');
    expect(properties).toMatchObject({
      // By the stack's parameter: off until the first deployment has succeeded.
      DeletionProtection: { 'Fn::If': [expect.any(String), 'ACTIVE', 'INACTIVE'] },
      DeletionPolicy: 'RetainExceptOnCreate',
    });
    expect(properties.LambdaConfig.PreTokenGenerationConfig.LambdaVersion).toBe('V2_0');
  });

  it('sign in by code grant without a client secret and cannot change who they are', () => {
    const { properties } = template.the('AWS::Cognito::UserPoolClient');
    expect(properties.GenerateSecret).toBe(false);
    expect(properties.AllowedOAuthFlows).toEqual(['code']);
    expect(properties.AllowedOAuthScopes).not.toContain('aws.cognito.signin.user.admin');
    // An empty list would mean all attributes.
    expect(properties.WriteAttributes).toEqual(['locale']);
  });
});
