import { createHmac } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { expectMessage, expectModal } from './block-kit.ts';
import { type Listener, listen, type Received } from './listener.ts';

type Loose = ReturnType<typeof JSON.parse>;

/** A call that the stand-in took: a method of the Web API, or the path of a hook. */
export type SlackCall = { readonly method: string; readonly token: string | undefined; readonly body: Loose };

/** How the stand-in misbehaves, one call at a time. */
export type Mischief =
  | { readonly status: number; readonly retry_after?: number }
  | { readonly error: string }
  | 'hang'
  | 'gibberish';

type Reply = { readonly status: number; readonly body: string; readonly retry_after?: number };

/** A Slack of one's own behind a real listener: it checks what it gets as Slack does, and remembers it. */
export class SlackServer {
  readonly calls: SlackCall[] = [];
  /** Posted messages as they stand now, by time stamp. */
  readonly messages = new Map<string, Loose>();
  /** The next calls go wrong like this, in order; `undefined` lets one pass. */
  readonly mischief: (Mischief | undefined)[] = [];
  readonly token = 'xoxb-stand-in-token';
  #problem: unknown;
  #count = 0;
  #listener: Listener | undefined;

  static async start(): Promise<SlackServer> {
    const slack = new SlackServer();
    slack.#listener = await listen((request, _, response) => slack.#serve(request, response));
    return slack;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.#listener?.port ?? 0}`;
  }

  get api(): string {
    return `${this.origin}/api`;
  }

  /** Calls of one method, or to hooks below a path. */
  of(method: string): Loose[] {
    return this.calls.filter((call) => call.method.startsWith(method)).map(({ body }) => body);
  }

  /** Ends it, and fails when it was sent anything that Slack would not take. */
  async stop(): Promise<void> {
    await this.#listener?.stop();
    if (this.#problem !== undefined) throw this.#problem;
  }

  #serve(request: Received, response: ServerResponse): void {
    const mischief = this.mischief.shift();
    if (mischief === 'hang') return;
    const { status, body, retry_after } = this.#reply(request, mischief);
    response.statusCode = status;
    response.setHeader('content-type', 'application/json; charset=utf-8');
    if (retry_after !== undefined) response.setHeader('retry-after', String(retry_after));
    response.end(body);
  }

  #reply({ path, headers, body }: Received, mischief: Exclude<Mischief, 'hang'> | undefined): Reply {
    if (mischief === 'gibberish') return { status: 200, body: '<html>' };
    if (mischief !== undefined && 'status' in mischief) return { body: '', ...mischief };
    const token = headers.authorization?.replace('Bearer ', '');
    const call = { method: path.replace('/api/', ''), token, body: JSON.parse(body) };
    this.calls.push(call);
    const error = mischief?.error;
    if (path.startsWith('/api/')) {
      const answer = error === undefined ? this.#call(call) : { ok: false, error };
      return { status: 200, body: JSON.stringify(answer) };
    }
    this.#checked(() => expectMessage(call.body));
    return error === undefined ? { status: 200, body: 'ok' } : { status: 404, body: error };
  }

  #call({ method, token, body }: SlackCall): object {
    if (token !== this.token) return { ok: false, error: 'invalid_auth' };
    if (method === 'views.open') {
      this.#checked(() => expectModal(body.view));
      return { ok: true, view: { id: 'V1' } };
    }
    this.#checked(() => expectMessage(body));
    if (method === 'chat.postEphemeral') return { ok: true, message_ts: this.#stamp() };
    if (method === 'chat.update') {
      if (!this.messages.has(body.ts)) return { ok: false, error: 'message_not_found' };
      this.messages.set(body.ts, body);
      return { ok: true, ts: body.ts, channel: body.channel };
    }
    const ts = this.#stamp();
    this.messages.set(ts, body);
    return { ok: true, ts, channel: body.channel };
  }

  #stamp(): string {
    this.#count += 1;
    return `1700000000.${String(this.#count).padStart(6, '0')}`;
  }

  #checked(check: () => void): void {
    try {
      check();
    } catch (problem) {
      this.#problem ??= problem;
    }
  }
}

/** The headers by which Slack signs a body at a moment, in Unix seconds. */
export function slackHeaders(secret: string, body: string, seconds: number): Record<string, string> {
  const hex = createHmac('sha256', secret).update(`v0:${seconds}:${body}`).digest('hex');
  return {
    'content-type': 'application/x-www-form-urlencoded',
    'x-slack-request-timestamp': String(seconds),
    'x-slack-signature': `v0=${hex}`,
  };
}

/** The body of a request to the interactivity URL. */
export const interaction = (payload: object): string =>
  new URLSearchParams({ payload: JSON.stringify(payload) }).toString();

/** What Slack sends when somebody presses a button of a message. */
export function pressed(
  button: { readonly action_id: string; readonly value: string },
  who: { readonly team: string; readonly user: string },
  more: {
    readonly at?: string;
    readonly response_url?: string;
    readonly ts?: string;
    readonly app?: string;
  } = {},
): object {
  const { app = 'A1', at = '1700000001.000100', ts = '1700000000.000001', response_url } = more;
  return {
    type: 'block_actions',
    team: { id: who.team, domain: 'acme' },
    user: { id: who.user, username: 'someone', team_id: who.team },
    api_app_id: app,
    trigger_id: '13345224609.738474920.8088930838d88f008e0',
    container: { type: 'message', message_ts: ts, channel_id: 'C1', is_ephemeral: false },
    channel: { id: 'C1', name: 'releases' },
    ...(response_url === undefined ? {} : { response_url }),
    actions: [
      { type: 'button', block_id: 'b', ...button, action_ts: at, text: { type: 'plain_text', text: 'x' } },
    ],
  };
}

/** What Slack sends when somebody submits a form that was opened by `views.open`. */
export function submitted(
  view: Loose,
  who: { readonly team: string; readonly user: string },
  text: string,
  id = 'V1',
): object {
  const { callback_id, private_metadata } = view;
  return {
    type: 'view_submission',
    team: { id: who.team, domain: 'acme' },
    user: { id: who.user, username: 'someone', team_id: who.team },
    api_app_id: 'A1',
    view: {
      id,
      type: 'modal',
      callback_id,
      private_metadata,
      state: { values: { text: { text: { value: text } } } },
    },
    response_urls: [],
  };
}
