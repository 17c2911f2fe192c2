import * as z from 'zod/mini';
import { EXIT, type Exit } from '../exit.ts';
import { Failure } from '../failure.ts';
import type { Signer } from '../http/client.ts';
import type { Answer } from '../http/request.ts';
import { jsonOf } from '../json.ts';
import { serverUrl } from '../login/settings.ts';
import type { Terminal } from '../terminal.ts';
import { type Element, elementsOf, named, textIn } from './xml.ts';

/** The services that are asked: each signs by its name and has its host. */
const HOSTS = {
  cloudformation: 'cloudformation',
  'cognito-idp': 'cognito-idp',
  dynamodb: 'dynamodb',
  lambda: 'lambda',
  ses: 'email',
  sns: 'sns',
} as const;
type Service = keyof typeof HOSTS;

/** An account of AWS in one region, asked with the credentials of whoever typed. Each call throws a `Failure` that names its action. */
export type Account = {
  readonly region: string;
  /** Query protocol: CloudFormation and SNS. */
  query(
    service: Service,
    version: string,
    given: { readonly Action: string; readonly [name: string]: string },
  ): Promise<Element>;
  /** JSON protocol: Cognito and DynamoDB. `target` is the prefix of the header. */
  json<T>(
    service: Service,
    target: string,
    action: string,
    body: object,
    answer: z.ZodMiniType<T>,
  ): Promise<T>;
  /** REST: Lambda and SES. */
  rest<T>(
    service: Service,
    action: string,
    asked: {
      readonly method: 'GET' | 'POST';
      readonly path: string;
      readonly body?: object;
      readonly headers?: Headers;
    },
    answer: z.ZodMiniType<T>,
  ): Promise<T>;
};
type Headers = { readonly [name: string]: string };

const TRIES = 4;
/** Milliseconds for one answer: the seed function may run for a minute. */
const PATIENCE = 90_000;
const PAUSE = 500;

/** Opens the account of the credentials that the AWS SDK finds. */
export function openAccount(terminal: Terminal, region: string, profile?: string): Account {
  const signers = new Map<Service, Promise<Signer>>();
  const signerFor = (service: Service): Promise<Signer> => {
    const known =
      signers.get(service) ??
      import('../http/aws.ts').then(({ awsSigner }) => awsSigner(region, profile, service));
    signers.set(service, known);
    return known;
  };

  async function answered(
    service: Service,
    action: string,
    method: string,
    path: string,
    body: string,
    own: Headers,
  ) {
    const url = new URL(`${endpointOf(terminal, service, region)}${path}`);
    const headers = { 'user-agent': 'sluice-cli', ...own };
    const sign = await signerFor(service);
    for (let tries = 1; ; tries += 1) {
      const signal = AbortSignal.any([terminal.interrupted, AbortSignal.timeout(PATIENCE)]);
      const signed = await sign({ method, url, body, headers });
      const request = {
        method,
        headers: { ...headers, ...signed },
        signal,
        ...(body === '' ? {} : { body }),
      };
      const answer = await terminal.send(url, request).catch((error: Error) => error);
      if (terminal.interrupted.aborted) throw new Failure('interrupted', EXIT.interrupted, 'interrupted');
      const failure =
        answer instanceof Error ? silent(url, answer) : await refusalIn(`${service}:${action}`, answer);
      if (failure === undefined && !(answer instanceof Error)) return answer;
      if (failure !== undefined && (failure.exit !== EXIT.unavailable || tries === TRIES)) throw failure;
      await terminal.sleep(PAUSE * 2 ** tries);
    }
  }

  return {
    region,
    async query(service, Version, given) {
      const body = new URLSearchParams({ ...given, Version }).toString();
      const type = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
      const answer = await answered(service, given.Action, 'POST', '/', body, type);
      const root = elementsOf(await answer.text());
      if (root === undefined) throw unread(`${service}:${given.Action}`, 'no XML');
      return root;
    },
    async json(service, target, action, body, schema) {
      const version = service === 'dynamodb' ? '1.0' : '1.1';
      const headers = {
        'content-type': `application/x-amz-json-${version}`,
        'x-amz-target': `${target}.${action}`,
      };
      const answer = await answered(service, action, 'POST', '/', JSON.stringify(body), headers);
      return readBy(schema, await answer.text(), `${service}:${action}`);
    },
    async rest(service, action, { method, path, body, headers = {} }, schema) {
      const text = body === undefined ? '' : JSON.stringify(body);
      const type = body === undefined ? {} : { 'content-type': 'application/json' };
      const answer = await answered(service, action, method, path, text, { ...type, ...headers });
      const failed = answer.headers.get('x-amz-function-error');
      if (failed !== null) throw broken(`${service}:${action}`, await answer.text());
      return readBy(schema, await answer.text(), `${service}:${action}`);
    },
  };
}

/** The address of a service: what the AWS CLI's own variables name, else AWS's. */
function endpointOf({ env }: Terminal, service: Service, region: string): string {
  const own =
    env[`AWS_ENDPOINT_URL_${service === 'ses' ? 'SESV2' : service.toUpperCase().replaceAll('-', '_')}`];
  const given = own || env['AWS_ENDPOINT_URL'] || '';
  const end = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  return given === '' ? `https://${HOSTS[service]}.${region}.${end}` : serverUrl(given);
}

const Said = z.object({
  __type: z.optional(z.string()),
  Code: z.optional(z.string()),
  message: z.optional(z.string()),
  Message: z.optional(z.string()),
});

/** Why AWS refused; nothing where it did not. */
async function refusalIn(action: string, answer: Answer): Promise<Failure | undefined> {
  if (answer.ok) return undefined;
  const text = await answer.text();
  const read = z.safeParse(Said, jsonOf(text));
  const xml = read.success ? undefined : named(elementsOf(text), 'Error')[0];
  const said = read.success ? read.data : {};
  const header = answer.headers.get('x-amzn-errortype') ?? undefined;
  const code = (header ?? said.__type ?? said.Code ?? textIn(xml, 'Code') ?? `HTTP ${answer.status}`).replace(
    /^.*#|:.*$/g,
    '',
  );
  const why = said.message ?? said.Message ?? textIn(xml, 'Message') ?? 'it says no more';
  return new Failure('aws_refused', exitOf(code, answer.status), `AWS refuses ${action}: ${code}: ${why}`, {
    error: { aws_code: code, aws_action: action },
  });
}

function exitOf(code: string, status: number): Exit {
  if (/AccessDenied|NotAuthorized|UnrecognizedClient|InvalidClientTokenId|Signature|ExpiredToken/.test(code))
    return EXIT.not_authorized;
  if (/NotFound/.test(code)) return EXIT.not_found;
  return status >= 500 || status === 429 || /Throttl|TooManyRequests|LimitExceeded/.test(code)
    ? EXIT.unavailable
    : EXIT.other;
}

/** Whether AWS refused for this reason. */
export const isRefused = (error: unknown, code: string): error is Failure =>
  error instanceof Failure &&
  error.data.error !== undefined &&
  'aws_code' in error.data.error &&
  error.data.error.aws_code === code;

const silent = (url: URL, error: Error): Failure =>
  new Failure('unavailable', EXIT.unavailable, `${url.host} does not answer: ${error.message || error.name}`);

const unread = (action: string, why: string): Failure =>
  new Failure(
    'unexpected_answer',
    EXIT.unavailable,
    `AWS answers ${action} with what this version of sluice does not know: ${why}`,
  );

const broken = (action: string, text: string): Failure => {
  const read = z.safeParse(z.object({ errorMessage: z.string() }), jsonOf(text));
  const why = read.success ? read.data.errorMessage : 'its log says why';
  return new Failure('function_failed', EXIT.other, `the function that ${action} called failed: ${why}`);
};

function readBy<T>(schema: z.ZodMiniType<T>, text: string, action: string): T {
  const read = z.safeParse(schema, text === '' ? {} : jsonOf(text));
  if (read.success) return read.data;
  throw unread(action, read.error.issues[0]?.path.join('.') || 'no JSON');
}
