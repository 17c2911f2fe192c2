import * as z from 'zod/mini';
import { gateway } from '../domain/catalog/gateway.ts';
import { ENDPOINTS } from './all.ts';
import { ApprovalPolicyView } from './approval-policies.ts';
import { ArtifactVersionView } from './artifacts.ts';
import { ConsumerView } from './consumers.ts';
import { type Endpoint, EVERYWHERE } from './endpoint.ts';
import { EnvironmentView } from './environments.ts';
import { ANSWERS, BODIES } from './examples.ts';
import { DEFAULT_LIMIT, Limit } from './fields.ts';
import { FreezeView } from './freezes.ts';
import { MachineView, MemberView } from './members.ts';
import { ChannelView } from './notification-channels.ts';
import { GatewayMessage, HEADERS, headersOf, TooManyRequests } from './openapi-answers.ts';
import { jsonSchemas, type Part, pascal, reference, withNamedObjects } from './openapi-schemas.ts';
import { WEBHOOK_SCHEMAS, WEBHOOKS } from './openapi-webhooks.ts';
import { description, headline, parameterInWords, TAGS } from './openapi-words.ts';
import { PendingChangeView } from './pending-change-view.ts';
import { PROBLEM_STATUS, PROBLEM_TYPE, type ProblemCode, titleOf } from './problem.ts';
import { PromotionView } from './promotion-view.ts';
import { RegistryView } from './registries.ts';
import { RuleView } from './rules.ts';
import { membersOf } from './shape.ts';
import { TenantView } from './tenants.ts';

/** Answers that several operations share, by the name they have in the document. */
const SHARED: { readonly [name: string]: z.ZodMiniType } = {
  Promotion: PromotionView,
  Rule: RuleView,
  ApprovalPolicy: ApprovalPolicyView,
  Environment: EnvironmentView,
  Freeze: FreezeView,
  Gateway: gateway.view,
  Registry: RegistryView,
  Consumer: ConsumerView,
  ArtifactVersion: ArtifactVersionView,
  NotificationChannel: ChannelView,
  Member: MemberView,
  Principal: MachineView,
  Tenant: TenantView,
  PendingChange: PendingChangeView,
};

/** What Amazon API Gateway says before a request reaches Sluice: an HTTP API cannot shape these answers. */
const GATEWAY = [
  'Errors are problem documents (RFC 9457). Three answers come from the API gateway itself, as `application/json` with one member',
  '`message` and without the headers of Sluice: 401 `{"message":"Unauthorized"}` for a missing or invalid token (403 for an',
  'invalid signature), 413 `{"message":"Request Entity Too Large"}` above 10 MB, and 429 `{"message":"Too Many Requests"}` when the',
  'whole API is throttled. A path with a slash too many at its end is answered with 308 and the same path without it.',
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
      contact: { name: 'Whoever operates this installation' },
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags: names.map((name) => ({ name, description: TAGS[name] ?? name })),
    security: [{ person: [] }, { machine: [] }],
    paths: pathsOf(endpoints),
    webhooks: WEBHOOKS,
    components: {
      schemas: withNamedObjects({
        ...WEBHOOK_SCHEMAS,
        Problem,
        GatewayMessage,
        ...schemasOf(endpoints),
      }),
      headers: HEADERS,
      responses: { TooManyRequests },
      securitySchemes: {
        person: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
        flag_key: {
          type: 'apiKey',
          in: 'header',
          name: 'X-API-Key',
          description: 'A flag key, here or as bearer token: it says tenant and environment itself.',
        },
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
  const tagged = new Set(endpoints.flatMap(({ path, if_match }) => (if_match ? [path] : [])));
  for (const endpoint of endpoints) {
    const path = endpoint.path.replaceAll('+}', '}');
    const operation = operationOf(endpoint, tagged.has(endpoint.path));
    paths[path] = { ...paths[path], [endpoint.method.toLowerCase()]: operation };
  }
  return paths;
}

function operationOf(endpoint: Endpoint, tagged: boolean): Part {
  const { operation, tag, open, keyed, response } = endpoint;
  const paging = membersOf(response ?? z.unknown()).find(
    (name) => name === 'next_cursor' || name === 'nextCursor',
  );
  const parameters = [...pathParameters(endpoint), ...queryParameters(endpoint), ...headers(endpoint)];
  const body = takesBody(endpoint) ? { requestBody: bodyOf(endpoint) } : {};
  return {
    operationId: operation,
    summary: headline(endpoint),
    description: description(endpoint, paging),
    tags: [tag],
    ...(open ? { security: [] } : {}),
    ...(keyed ? { security: [{ flag_key: [] }, { person: [] }, { machine: [] }] } : {}),
    parameters,
    ...body,
    responses: responsesOf(endpoint, tagged),
  };
}

function pathParameters({ path }: Endpoint): Part[] {
  const names = [...path.matchAll(/\{([^}+]+)\+?\}/g)].map(([, name]) => name);
  return names.map((name = '') => ({
    name,
    in: 'path',
    required: true,
    description: parameterInWords('path', name),
    schema: { type: 'string' },
  }));
}

const TRIED: Part = {
  name: 'dry_run',
  in: 'query',
  description: parameterInWords('query', 'dry_run'),
  schema: { type: 'string', enum: ['true', 'false'] },
};

function queryParameters({ query, dry_run }: Endpoint): Part[] {
  const { properties = {}, required = [] } = z.toJSONSchema(query, { io: 'input' });
  const shape: { readonly [name: string]: unknown } = query instanceof z.ZodMiniObject ? query.shape : {};
  const own = Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    description: parameterInWords('query', name),
    schema: isLimit(shape[name]) ? LIMIT : schema,
  }));
  return dry_run ? [...own, TRIED] : own;
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

function bodyOf({ body, operation, form, yaml }: Endpoint): Part {
  const example = BODIES[operation];
  const content = {
    schema: reference(pascal(`${operation}Body`)),
    ...(example === undefined ? {} : { example }),
  };
  return {
    required: !z.safeParse(body, {}).success,
    content: {
      'application/json': content,
      ...(yaml ? { 'application/yaml': content } : {}),
      ...(form ? { 'application/x-www-form-urlencoded': content } : {}),
    },
  };
}

function responsesOf(endpoint: Endpoint, tagged: boolean): Part {
  const { status, response, operation, page, accepted } = endpoint;
  const example = ANSWERS[operation];
  const shown = { schema: reference(nameOf(endpoint)), ...(example === undefined ? {} : { example }) };
  const json = response === undefined ? {} : { 'application/json': shown };
  const content = page === undefined ? json : { ...json, ...HTML };
  const waits = accepted && { 'application/json': { schema: reference('PendingChange') } };
  const answers = status.map((code) => {
    const said = code === 202 && waits !== undefined ? waits : content;
    const headers = headersOf(code, tagged);
    const empty = Object.keys(said).length === 0 || code === 304;
    return [code, { description: describe(code, endpoint), headers, ...(empty ? {} : { content: said }) }];
  });
  const noes = (page ?? []).map((code) => [
    code,
    { description: 'A page that says why not.', headers: headersOf(code, false), content: HTML },
  ]);
  const codes = endpoint.open
    ? [...OPEN_ERRORS, ...endpoint.errors]
    : [...new Set([...EVERYWHERE, ...endpoint.errors])];
  const byStatus = Map.groupBy(codes, (code) => PROBLEM_STATUS[code]);
  const problems = [...byStatus].map(([code, same]) => [
    code,
    {
      description: same.map((one) => `\`${one}\``).join(', '),
      headers: headersOf(code, false),
      content: { [PROBLEM_TYPE]: { schema: reference('Problem') }, ...(page?.includes(code) ? HTML : {}) },
    },
  ]);
  const throttled = { 429: { $ref: '#/components/responses/TooManyRequests' } };
  return { ...Object.fromEntries([...noes, ...answers, ...problems]), ...throttled };
}

const HTML = { 'text/html': { schema: { type: 'string' } } } as const;

const OPEN_ERRORS: readonly ProblemCode[] = ['internal', 'corrupt', 'unavailable', 'format_unsupported'];

function describe(status: number, { operation, accepted }: Endpoint): string {
  if (status === 202 && accepted !== undefined)
    return 'Accepted: it takes effect when a second admin confirms it.';
  if (status === 201) return 'Created; `Location` says where it is.';
  if (status === 202)
    return 'Accepted: it is still running. `Location` says where to look, `Retry-After` in how many seconds.';
  if (status === 304) return 'What the caller has is what there is.';
  return status === 204 ? 'Done; there is nothing to say.' : `What ${operation} answers.`;
}

function nameOf({ response, operation }: Endpoint): string {
  return (
    Object.entries(SHARED).find(([, schema]) => schema === response)?.[0] ?? pascal(`${operation}Answer`)
  );
}

function schemasOf(endpoints: readonly Endpoint[]): { readonly [name: string]: Part } {
  const bodies = endpoints
    .filter(takesBody)
    .map(({ operation, body }) => [pascal(`${operation}Body`), body] as const);
  const answers = endpoints.flatMap((endpoint) =>
    endpoint.response === undefined ? [] : [[nameOf(endpoint), endpoint.response] as const],
  );
  return {
    ...jsonSchemas(bodies, 'input'),
    ...jsonSchemas([...Object.entries(SHARED), ...answers], 'output'),
  };
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
