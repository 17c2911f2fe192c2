import { gunzipSync } from 'node:zlib';
import type { APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import type { Body } from '../support/api.ts';

/** Who signs a test's request, as API Gateway's authorizers report them. */
export type Signer =
  | { readonly sub: string }
  /** A token with these claims and no others. */
  | { readonly claims: { readonly [name: string]: string } }
  | { readonly account: string; readonly role: string; readonly unique: string; readonly session?: string }
  | undefined;

export type TestCall = {
  readonly method: string;
  readonly path: string;
  readonly signer?: Signer;
  readonly headers?: { readonly [name: string]: string };
  /** Each `name=value`. */
  readonly cookies?: readonly string[];
  /** Text as it is, anything else as JSON. */
  readonly body?: unknown;
  readonly base64?: boolean;
};

let calls = 0;

/** An HTTP API event, payload format 2.0, as the real gateway sends it. */
export function httpEvent({
  method,
  path,
  signer,
  headers = {},
  cookies,
  body,
  base64 = false,
}: TestCall): object {
  const [rawPath = '', rawQueryString = ''] = path.split('?');
  const text = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
  const type = text === undefined ? {} : { 'content-type': 'application/json' };
  calls += 1;
  return {
    version: '2.0',
    routeKey: 'ANY /api/v1/promotions/{proxy+}',
    rawPath,
    rawQueryString,
    headers: { ...type, ...headers },
    ...(cookies === undefined ? {} : { cookies }),
    requestContext: {
      accountId: '123456789012',
      apiId: 'api',
      requestId: `request-${calls}`,
      stage: '$default',
      http: { method, path: rawPath, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'test' },
      ...(signer === undefined ? {} : { authorizer: authorizerOf(signer) }),
    },
    ...(text === undefined ? {} : { body: base64 ? Buffer.from(text).toString('base64') : text }),
    isBase64Encoded: base64,
  };
}

function authorizerOf(signer: NonNullable<Signer>): object {
  if ('claims' in signer) return { jwt: { claims: signer.claims, scopes: null } };
  if ('sub' in signer) {
    // The gateway makes strings of claims; those about roles and tenants are lies here, and must not be believed.
    const claims = {
      sub: signer.sub,
      client_id: 'client',
      token_use: 'access',
      'cognito:groups': '[admin operator]',
      tenant: 'elsewhere',
    };
    return { jwt: { claims, scopes: null } };
  }
  const { account, role, unique, session = 'any-session' } = signer;
  return {
    iam: {
      accessKey: 'ASIAEXAMPLE',
      accountId: account,
      callerId: `${unique}:${session}`,
      cognitoIdentity: null,
      principalOrgId: null,
      userArn: `arn:aws:sts::${account}:assumed-role/${role}/${session}`,
      userId: `${unique}:${session}`,
    },
  };
}

/** What Lambda hands over beside the event. */
export const CONTEXT: Context = {
  awsRequestId: 'invocation',
  callbackWaitsForEmptyEventLoop: false,
  functionName: 'test',
  functionVersion: '$LATEST',
  invokedFunctionArn: 'arn:aws:lambda:eu-central-1:123456789012:function:test',
  logGroupName: 'test',
  logStreamName: 'test',
  memoryLimitInMB: '1024',
  getRemainingTimeInMillis: () => 28_000,
  done: () => {},
  fail: () => {},
  succeed: () => {},
};

export type Answer = {
  readonly status: number;
  readonly headers: Record<string, unknown>;
  readonly body: Body;
  /** Each a whole `Set-Cookie`. */
  readonly cookies: readonly string[];
};

/** What a handler answers a call: a body of JSON parsed, any other as its text, an empty one as `null`. */
export async function answered(
  handler: (event: object, context: Context) => Promise<APIGatewayProxyStructuredResultV2>,
  call: TestCall,
): Promise<Answer> {
  const {
    statusCode = 0,
    headers = {},
    body: text = '',
    cookies = [],
  } = await handler(httpEvent(call), CONTEXT);
  const isJson = /json/.test(String(headers['content-type']));
  return {
    status: statusCode,
    headers,
    body: isJson ? JSON.parse(unpacked(text, headers['content-encoding'])) : text === '' ? null : text,
    cookies,
  };
}

/** As every client reads it. */
const unpacked = (text: string, coding: unknown): string =>
  coding === 'gzip' ? gunzipSync(Buffer.from(text, 'base64')).toString() : text;
