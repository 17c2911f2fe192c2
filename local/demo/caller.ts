import { createHash } from 'node:crypto';
import { isRecord, parseJson } from '../json.ts';

/** What the API answered, a member at a time. */
export type Answered = Readonly<Record<string, unknown>>;

/** One of the demo people at the HTTP API of this runtime. */
export interface Caller {
  get(path: string): Promise<Answered>;
  /** Sends a POST that counts once, however often it is sent within a day. */
  once(path: string, body: object): Promise<Answered>;
  send(method: string, path: string, body?: object): Promise<Answered>;
}

/** Who calls with a token. Every request throws, with what was answered, unless it succeeded. */
export function createCaller(url: string, token: string, signal: AbortSignal): Caller {
  async function send(method: string, path: string, body?: object, headers: Record<string, string> = {}) {
    const answer = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal,
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path} was answered ${answer.status} ${text}`);
    const answered = parseJson(text);
    return isRecord(answered) ? answered : {};
  }
  return {
    get: (path) => send('GET', path),
    // A key is one person's for one path, and what is sent there differs by its body.
    once: (path, body) => send('POST', path, body, { 'idempotency-key': `demo.${hash(body)}` }),
    send,
  };
}

const hash = (body: object): string => createHash('sha256').update(JSON.stringify(body)).digest('hex');
