import * as z from 'zod/mini';
import { ENDPOINTS } from './all.ts';
import { ApprovalPolicyView } from './approval-policies.ts';
import { type Endpoint, EVERYWHERE } from './endpoint.ts';
import { EnvironmentView } from './environments.ts';
import { DEFAULT_LIMIT, Limit } from './fields.ts';
import { FreezeView } from './freezes.ts';
import { GatewayView } from './gateways.ts';
import { MachineView, MemberView } from './members.ts';
import { ChannelView } from './notification-channels.ts';
import { PROBLEM_STATUS, PROBLEM_TYPE, type ProblemCode, titleOf } from './problem.ts';
import { PromotionView } from './promotion-view.ts';
import { RuleView } from './rules.ts';
import { TenantView } from './tenants.ts';

/** A JSON object of the document. */
type Part = { readonly [name: string]: unknown };

/** Answers that several operations share, by the name they have in the document. */
const SHARED: { readonly [name: string]: z.ZodMiniType } = {
  Promotion: PromotionView,
  Rule: RuleView,
  ApprovalPolicy: ApprovalPolicyView,
  Environment: EnvironmentView,
  Freeze: FreezeView,
  Gateway: GatewayView,
  NotificationChannel: ChannelView,
  Member: MemberView,
  Principal: MachineView,
  Tenant: TenantView,
};

/** What Amazon API Gateway says before a request reaches Sluice: an HTTP API cannot shape these answers. */
const GATEWAY = [
  'Errors are problem documents (RFC 9457). Four answers come from the API gateway itself, as `application/json` with one member',
  '`message` and without the headers of Sluice: 401 `{"message":"Unauthorized"}` for a missing or invalid token (403 for an',
  'invalid signature), 404 `{"message":"Not Found"}` for a path that no route matches, 413',
  '`{"message":"Request Entity Too Large"}` above 10 MB, and 429 `{"message":"Too Many Requests"}` when the whole API is throttled.',
].join(' ');

/** The API's description, OpenAPI 3.1, made from the schemas that requests are checked by. */
export function openApi(endpoints: readonly Endpoint[] = ENDPOINTS): Part {
  const names = [...new Set(endpoints.map(({ tag }) => tag))];
  return {
    openapi: '3.1.0',
    info: {
      title: 'Sluice',
      version: '1',
      summary: 'Guarded, approved, recorded promotion of configurations, artifacts and agents.',
      description: GATEWAY,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags: names.map((name) => ({ name })),
    security: [{ person: [] }, { machine: [] }],
    paths: pathsOf(endpoints),
    components: {
      schemas: { Problem, ...schemasOf(endpoints) },
      securitySchemes: {
        person: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
        machine: {
          type: 'apiKey',
          in: 'header',
          name: 'Authorization',
          description: 'AWS Signature Version 4 of an IAM role that is registered as a principal.',
          'x-amazon-apigateway-authtype': 'awsSigv4',
        },
      },
    },
  };
}

function pathsOf(endpoints: readonly Endpoint[]): Part {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const endpoint of endpoints) {
    const path = endpoint.path.replaceAll('+}', '}');
    paths[path] = { ...paths[path], [endpoint.method.toLowerCase()]: operationOf(endpoint) };
  }
  return paths;
}

function operationOf(endpoint: Endpoint): Part {
  const { operation, summary, tag, open } = endpoint;
  const parameters = [...pathParameters(endpoint), ...queryParameters(endpoint), ...headers(endpoint)];
  const body = takesBody(endpoint) ? { requestBody: bodyOf(endpoint) } : {};
  return {
    operationId: operation,
    summary,
    tags: [tag],
    ...(open ? { security: [] } : {}),
    parameters,
    ...body,
    responses: responsesOf(endpoint),
  };
}

function pathParameters({ path }: Endpoint): Part[] {
  const names = [...path.matchAll(/\{([^}+]+)\+?\}/g)].map(([, name]) => name);
  return names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } }));
}

function queryParameters({ query }: Endpoint): Part[] {
  const { properties = {}, required = [] } = z.toJSONSchema(query, { io: 'input' });
  const shape: { readonly [name: string]: unknown } = query instanceof z.ZodMiniObject ? query.shape : {};
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema: isLimit(shape[name]) ? LIMIT : schema,
  }));
}

/** A query is text: what `limit` means is a number all the same. */
const LIMIT = { type: 'integer', minimum: 1, maximum: 100, default: DEFAULT_LIMIT };
const isLimit = (schema: unknown): boolean =>
  schema instanceof z.ZodMiniExactOptional && schema._zod.def.innerType === Limit;

function headers({ open, idempotent, if_match }: Endpoint): Part[] {
  const header = (name: string, description: string) => ({
    name,
    in: 'header',
    required: false,
    description,
    schema: { type: 'string' },
  });
  const who = header(
    'X-Tenant-ID',
    'Absent: the tenant of your oldest active membership. Refused when you are not a member of the tenant.',
  );
  const once = header('Idempotency-Key', 'The same key and body get the first answer again, for 24 hours.');
  const match = header('If-Match', 'Refused with 412 unless it names the ETag of what is there.');
  return [...(open ? [] : [who]), ...(idempotent ? [once] : []), ...(if_match ? [match] : [])];
}

function takesBody({ method, body }: Endpoint): boolean {
  if (method === 'GET') return false;
  return !(body instanceof z.ZodMiniObject) || Object.keys(body.shape).length > 0;
}

function bodyOf({ body, operation, form }: Endpoint): Part {
  const content = { schema: reference(`${operation}Body`) };
  return {
    required: !z.safeParse(body, {}).success,
    content: {
      'application/json': content,
      ...(form ? { 'application/x-www-form-urlencoded': content } : {}),
    },
  };
}

function responsesOf(endpoint: Endpoint): Part {
  const { status, response, operation, page } = endpoint;
  const json = response === undefined ? {} : { 'application/json': { schema: reference(nameOf(endpoint)) } };
  const content = page === undefined ? json : { ...json, ...HTML };
  const answers = status.map((code) => [
    code,
    { description: describe(code, operation), ...(Object.keys(content).length === 0 ? {} : { content }) },
  ]);
  const noes = (page ?? []).map((code) => [
    code,
    { description: 'A page that says why not.', content: HTML },
  ]);
  const codes = endpoint.open
    ? [...OPEN_ERRORS, ...endpoint.errors]
    : [...new Set([...EVERYWHERE, ...endpoint.errors])];
  const byStatus = Map.groupBy(codes, (code) => PROBLEM_STATUS[code]);
  const problems = [...byStatus].map(([code, same]) => [
    code,
    {
      description: same.map((one) => `\`${one}\``).join(', '),
      content: { [PROBLEM_TYPE]: { schema: reference('Problem') }, ...(page?.includes(code) ? HTML : {}) },
    },
  ]);
  return Object.fromEntries([...noes, ...answers, ...problems]);
}

const HTML = { 'text/html': { schema: { type: 'string' } } } as const;

const OPEN_ERRORS: readonly ProblemCode[] = ['internal', 'unavailable'];

function describe(status: number, operation: string): string {
  if (status === 201) return 'Created; `Location` says where it is.';
  if (status === 202) return 'Accepted: it is still running.';
  return status === 204 ? 'Done; there is nothing to say.' : `What ${operation} answers.`;
}

function nameOf({ response, operation }: Endpoint): string {
  return Object.entries(SHARED).find(([, schema]) => schema === response)?.[0] ?? `${operation}Answer`;
}

const reference = (name: string): Part => ({ $ref: `#/components/schemas/${name}` });

function schemasOf(endpoints: readonly Endpoint[]): Part {
  const bodies = endpoints
    .filter(takesBody)
    .map(({ operation, body }) => [`${operation}Body`, body] as const);
  const answers = endpoints.flatMap((endpoint) =>
    endpoint.response === undefined ? [] : [[nameOf(endpoint), endpoint.response] as const],
  );
  return {
    ...jsonSchemas(bodies, 'input'),
    ...jsonSchemas([...Object.entries(SHARED), ...answers], 'output'),
  };
}

/** Schemas by name; one that has two names is written once, and the second name refers to the first. */
function jsonSchemas(named: readonly (readonly [string, z.ZodMiniType])[], io: 'input' | 'output'): Part {
  const registry = z.registry<{ id: string }>();
  const aliases: [string, Part][] = [];
  for (const [id, schema] of named) {
    const first = registry.get(schema)?.id;
    if (first === undefined) registry.add(schema, { id });
    else if (first !== id) aliases.push([id, reference(first)]);
  }
  const uri = (id: string) => `#/components/schemas/${id}`;
  const { schemas } = z.toJSONSchema(registry, { io, uri });
  // Recursive schemas come in the `$defs` of one called `__shared`: here each is a component of its own.
  const text = JSON.stringify(schemas).replaceAll(`${uri('__shared')}#/$defs/`, uri(`${io}_`));
  const { __shared, ...own }: { [id: string]: { [name: string]: unknown } } = JSON.parse(text);
  const written = Object.entries(own).map(([id, { $schema: _, $id: __, id: ___, ...schema }]) => [
    id,
    schema,
  ]);
  const shared = Object.entries(Object(__shared?.['$defs'])).map(([id, schema]) => [`${io}_${id}`, schema]);
  return Object.fromEntries([...written, ...shared, ...aliases]);
}

const Problem: Part = {
  type: 'object',
  description: 'RFC 9457. `code` says which refusal it is; some carry data of their own.',
  required: ['type', 'title', 'status', 'detail', 'instance', 'code'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    instance: { type: 'string' },
    code: { type: 'string', enum: Object.keys(PROBLEM_STATUS) },
  },
  examples: [
    {
      type: '/problems/not_found',
      title: titleOf('not_found'),
      status: 404,
      detail: 'there is no promotion prom-1',
      instance: 'request-1',
      code: 'not_found',
    },
  ],
};
