import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { CrashPlan } from './crash-plan.ts';
import { isRecord, parseJson } from './json.ts';

/** A refusal in the words of an AWS service: `code` becomes the exception's name in the SDK. */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

/** Answers one operation; the input is a JSON object. */
export type Operation = (input: Readonly<Record<string, unknown>>) => unknown;

/** A service of the AWS JSON protocol, or one that answers requests by itself. */
export interface AwsService {
  /** Short name, as crash plans say it. */
  readonly name: string;
  /** The part of `X-Amz-Target` before the dot. */
  readonly target: string;
  readonly operations:
    | Readonly<Record<string, Operation>>
    | ((operation: string, body: Buffer, headers: Headers) => Promise<Answer>);
}

/** A raw answer. */
export interface Answer {
  readonly status: number;
  readonly body: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A service of bytes by path, as S3 is: it answers every path below those that it claims. */
export interface BytesService {
  readonly name: string;
  claims(path: string): boolean;
  answer(request: BytesRequest): Promise<Answer>;
}

/** A request for bytes; header names are lower case. */
export interface BytesRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** What a REST request says beside its body: the parts of its path by name, and its query. */
export interface RestRequest {
  readonly path: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
}

/** A service whose operations are REST paths (`POST /v2/email/outbound-emails`, `GET /schedules/{Name}`). */
export interface RestService {
  readonly name: string;
  readonly method: string;
  /** `{name}` is any one segment. */
  readonly path: string;
  readonly operation: string;
  readonly answer: (input: Readonly<Record<string, unknown>>, request: RestRequest) => unknown;
}

/** One loopback port for every service that the runtime provides itself. */
export interface AwsEndpoint {
  readonly url: string;
  /** Adds services; the functions they invoke need the endpoint's URL first. */
  serve(
    services: readonly AwsService[],
    rest?: readonly RestService[],
    bytes?: readonly BytesService[],
  ): void;
  stop(): Promise<void>;
}

/** Listens on a free loopback port and speaks the AWS JSON 1.0/1.1 protocol there. */
export async function startAwsEndpoint(crash: CrashPlan): Promise<AwsEndpoint> {
  const services: AwsService[] = [];
  const rest: RestService[] = [];
  const bytes: BytesService[] = [];
  const server = createServer((request, response) => {
    answer(request, { services, rest, bytes }, crash).then(
      (result) => respond(response, result),
      (error: unknown) => respond(response, errorAnswer(error)),
    );
  });
  // SDK clients keep connections; a server that closes them first makes a request fail now and then.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('The AWS endpoint has no address.');
  return {
    url: `http://127.0.0.1:${address.port}`,
    serve(moreServices, moreRest = [], moreBytes = []) {
      services.push(...moreServices);
      rest.push(...moreRest);
      bytes.push(...moreBytes);
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Served {
  readonly services: readonly AwsService[];
  readonly rest: readonly RestService[];
  readonly bytes: readonly BytesService[];
}

async function answer(
  request: IncomingMessage,
  { services, rest, bytes }: Served,
  crash: CrashPlan,
): Promise<Answer> {
  const body = await readAll(request);
  const url = new URL(request.url ?? '/', 'http://local');
  const { method = '', headers } = request;
  const store = bytes.find((each) => each.claims(url.pathname));
  if (store !== undefined) {
    const asked = { method, path: url.pathname, headers, body };
    return crash.around(store.name, method, () => store.answer(asked));
  }
  for (const route of rest) {
    const path = route.method === request.method ? partsOf(route.path, url.pathname) : undefined;
    if (path === undefined) continue;
    const query = Object.fromEntries(url.searchParams);
    return crash.around(route.name, route.operation, async () =>
      success(await route.answer(objectIn(body), { path, query })),
    );
  }
  const [target = '', operation = ''] = String(request.headers['x-amz-target'] ?? '').split('.');
  const service = services.find((candidate) => candidate.target === target);
  if (service === undefined)
    throw new AwsError('UnknownOperationException', `No local service answers ${target}.`);
  return crash.around(service.name, operation, async () => {
    const { operations } = service;
    if (typeof operations === 'function') return operations(operation, body, headersOf(request));
    const perform = operations[operation];
    if (perform === undefined) {
      throw new AwsError(
        'UnknownOperationException',
        `The local ${service.name} does not know ${operation}.`,
      );
    }
    return success(await perform(objectIn(body)));
  });
}

/** The parts of a path by the names that a template gives them; undefined where it is another path. */
function partsOf(template: string, path: string): Record<string, string> | undefined {
  const [wanted, found] = [template.split('/'), path.split('/')];
  if (wanted.length !== found.length) return undefined;
  const parts: Record<string, string> = {};
  for (const [index, segment] of wanted.entries()) {
    const given = found[index] ?? '';
    const name = /^\{(\w+)\}$/.exec(segment)?.[1];
    if (name !== undefined) parts[name] = decodeURIComponent(given);
    else if (segment !== given) return undefined;
  }
  return parts;
}

function success(result: unknown): Answer {
  return { status: 200, body: JSON.stringify(result ?? {}) };
}

function errorAnswer(error: unknown): Answer {
  if (error instanceof AwsError) {
    return { status: error.status, body: JSON.stringify({ __type: error.code, message: error.message }) };
  }
  return { status: 500, body: JSON.stringify({ __type: 'InternalServerException', message: String(error) }) };
}

function respond(response: ServerResponse, { status, body, headers }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0', ...headers }).end(body);
}

function objectIn(body: Buffer): Record<string, unknown> {
  const value = body.length === 0 ? {} : parseJson(body.toString('utf8'));
  if (!isRecord(value))
    throw new AwsError('SerializationException', 'The request body must be a JSON object.');
  return value;
}

function headersOf(request: IncomingMessage): Headers {
  const headers = new Headers();
  for (const name of ['x-amz-target', 'content-type', 'authorization', 'x-amz-date']) {
    const value = request.headers[name];
    if (typeof value === 'string') headers.set(name, value);
  }
  return headers;
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}
