import { CODE_PATH, type Door } from '../http-api/door.ts';
import type { HttpRequest } from '../http-api/event.ts';
import { gatewayAnswer, type HttpAnswer, htmlAnswer, jsonAnswer } from '../http-api/gateway-answer.ts';
import type { CodeGrant } from '../identity/code-grant.ts';
import type { Issuer } from '../identity/issuer.ts';
import { isRecord, parseJson } from '../json.ts';
import type { Deliveries } from '../lambda/deliveries.ts';
import type { Functions } from '../lambda/functions.ts';
import { inboxPage } from '../mail/inbox-page.ts';
import type { Mailbox } from '../mail/mailbox.ts';
import type { Queues } from '../queues/queues.ts';
import type { Alarms } from '../schedules/timers.ts';
import type { ExecutionRow } from '../step-functions/execution-store.ts';
import type { Executions } from '../step-functions/executions.ts';

/** Everything below `/_local/` belongs to the runtime and never reaches a function. */
export const adminPrefix = '/_local/';

const issuerPath = '/_local/oidc';

/** What the pages below `/_local/` show or change. */
export interface AdminSetting {
  readonly issuer: Issuer | undefined;
  readonly codeGrant: CodeGrant | undefined;
  readonly executions: Executions;
  readonly deliveries: Deliveries;
  readonly queues: Queues;
  readonly mailbox: Mailbox;
  readonly functions: Functions;
  readonly alarms: Alarms;
  /** Where the runtime listens beyond loopback: it has judged the host and the code. */
  readonly door: Door | undefined;
  /** Milliseconds ahead, when the clock of the functions is adjustable. */
  readonly clock: Float64Array | undefined;
}

/** Answers a request below `/_local/`. Only names of this machine are served, so that no web page can rebind to it. */
export async function answerAdmin(request: HttpRequest, setting: AdminSetting): Promise<HttpAnswer> {
  const host = (request.headers.host ?? '').replace(/:\d+$/, '');
  const { door } = setting;
  if (door === undefined && !['127.0.0.1', 'localhost', '[::1]'].includes(host)) return gatewayAnswer(403);
  if (door !== undefined && request.path === CODE_PATH) return door.page(request);
  const route = `${request.method} ${request.path}`;
  if (route === `POST ${issuerPath}/token`) return answerToken(request, setting);
  if (request.method === 'POST') return answerPost(route, request, setting);
  if (route === `GET ${issuerPath}/authorize`) {
    return setting.codeGrant?.authorize(new URLSearchParams(request.rawQuery)) ?? gatewayAnswer(404);
  }
  if (request.path.startsWith(issuerPath)) {
    const document = setting.issuer?.document(request.path.slice(issuerPath.length));
    return document === undefined ? gatewayAnswer(404) : jsonAnswer(200, document);
  }
  switch (route) {
    case 'GET /_local/executions':
      return jsonAnswer(200, { items: setting.executions.latest(1000).map(executionOf) });
    case 'GET /_local/dead-letters':
      return jsonAnswer(200, { items: setting.deliveries.deadLetters() });
    case 'GET /_local/queues':
      return jsonAnswer(200, { items: setting.queues.overview() });
    case 'GET /_local/mail':
      return jsonAnswer(200, { items: setting.mailbox.items() });
    case 'GET /_local/inbox':
      return htmlAnswer(inboxPage(setting.mailbox.items()));
    default:
      return gatewayAnswer(404);
  }
}

/** The token endpoint takes a form (RFC 6749 section 4.1.3); what it answers takes a code and the secret of who asked for it. */
async function answerToken(request: HttpRequest, { codeGrant }: AdminSetting): Promise<HttpAnswer> {
  const form = new URLSearchParams(request.body.toString('utf8'));
  return (await codeGrant?.token(form)) ?? gatewayAnswer(404);
}

/** Changes need a JSON body: a form of a foreign page cannot send one. */
async function answerPost(route: string, request: HttpRequest, setting: AdminSetting): Promise<HttpAnswer> {
  const isJson = request.headers['content-type']?.startsWith('application/json') === true;
  const body = isJson ? parseJson(request.body.toString('utf8')) : undefined;
  if (!isRecord(body)) return jsonAnswer(400, { message: 'Send a JSON object as application/json.' });
  switch (route) {
    case 'POST /_local/token': {
      const tokens = await setting.issuer?.mint(String(body['email']));
      return tokens === undefined
        ? jsonAnswer(404, { message: 'Nobody has this address.' })
        : jsonAnswer(200, tokens);
    }
    case 'POST /_local/clock':
      return advanceClock(setting, body['advance_ms']);
    case 'POST /_local/invoke':
      return jsonAnswer(
        200,
        await invokeByServiceName(String(body['function']), body['event'] ?? {}, setting),
      );
    default:
      return gatewayAnswer(404);
  }
}

/** Physical names carry a hash; the name that a function logs under is the one people know. */
function invokeByServiceName(service: string, event: unknown, { functions }: AdminSetting) {
  const known = functions.definitions.find(
    ({ environment }) => environment['POWERTOOLS_SERVICE_NAME'] === service,
  );
  return functions.invoke(known?.name ?? service, event);
}

function advanceClock({ clock, alarms }: AdminSetting, advanceMs: unknown): HttpAnswer {
  if (clock === undefined) {
    return jsonAnswer(409, { message: 'Start with SLUICE_LOCAL_CLOCK=adjustable to move the clock.' });
  }
  if (typeof advanceMs !== 'number' || !Number.isFinite(advanceMs)) {
    return jsonAnswer(400, { message: 'advance_ms must be a number of milliseconds.' });
  }
  const ahead = (clock[0] ?? 0) + advanceMs;
  clock[0] = ahead;
  alarms.arm();
  return jsonAnswer(200, { ahead_ms: ahead, now: new Date(Date.now() + ahead).toISOString() });
}

function executionOf(row: ExecutionRow) {
  return {
    execution_arn: row.arn,
    state_machine_arn: row.machine_arn,
    name: row.name,
    status: row.status,
    transitions: row.transitions,
    started_at: new Date(row.started_at).toISOString(),
    stopped_at: row.stopped_at === null ? null : new Date(row.stopped_at).toISOString(),
    input: parseJson(row.input),
    output: row.output === null ? null : parseJson(row.output),
    error: row.error,
    cause: row.cause,
  };
}
