import { RegistryFault } from '../../ports/registry.ts';
import type { RegistryLogin } from './credentials.ts';
import {
  type Exchange,
  ForbiddenAddress,
  type OciRequest,
  type OciResponse,
  readBounded,
} from './exchange.ts';

/** What a transport needs beside the registry's origin. */
export type TransportDeps = {
  readonly exchange: Exchange;
  readonly login: RegistryLogin;
  sleep(ms: number): Promise<void>;
};

/** Tries of one request, the first included. */
const TRIES = 4;
/** Seconds of `Retry-After` that are waited for in place; a longer wish is the caller's to keep. */
const LONGEST_WAIT = 20;
const REDIRECTS = 5;

/** Requests to one registry: logged in, tried again where that is safe, and redirected without credentials. */
export class Transport {
  readonly origin: string;
  readonly #deps: TransportDeps;
  readonly #challenged = new Set<string>();

  constructor(origin: string, deps: TransportDeps) {
    this.origin = origin;
    this.#deps = deps;
  }

  /**
   * Sends a request to a path or to a location that the registry named, and answers what it says. `again`: sending it
   * twice is sending it once, so silence and 5xx are tried again. Throws `RegistryFault`.
   */
  async send(
    request: Omit<OciRequest, 'url' | 'headers'> & { readonly headers?: OciRequest['headers'] },
    location: string,
    { scope, again }: { readonly scope: string; readonly again: boolean },
  ): Promise<OciResponse> {
    const url = new URL(location, this.origin).href;
    for (let attempt = 1; ; attempt += 1) {
      const last = attempt === TRIES;
      const response = await this.#once({ ...request, url, headers: request.headers ?? {} }, scope).catch(
        (error: unknown) => this.#failed(error, last || !again),
      );
      if (response === undefined) {
        await this.#deps.sleep(250 * 2 ** attempt);
        continue;
      }
      const wait = waitOf(response, again);
      if (wait === undefined) return { ...response, body: this.#whole(response.body) };
      response.discard();
      if (last || wait > LONGEST_WAIT) throw this.#overloaded(response, wait);
      await this.#deps.sleep(wait * 1000);
    }
  }

  /** The fault for an answer that is not what was hoped for, in the registry's own words. */
  async refused(response: OciResponse, doing: string): Promise<RegistryFault> {
    const body = await readBounded(response, 64 * 1024).catch(() => undefined);
    const said = messageIn(body?.toString('utf8') ?? '');
    const message = `${this.#host} answered ${response.status} to ${doing}${said === '' ? '' : `: ${said}`}`;
    if (response.status === 401 || response.status === 403)
      return new RegistryFault('registry_denied', message);
    if (response.status >= 500) return new RegistryFault('registry_unavailable', message);
    return new RegistryFault('registry_refused', message);
  }

  /** What breaks off is the registry's fault too. */
  async *#whole(body: OciResponse['body']): AsyncGenerator<Uint8Array> {
    try {
      yield* body;
    } catch (cause) {
      throw new RegistryFault('registry_unavailable', `${this.#host} broke off its answer`, { cause });
    }
  }

  /** One exchange with login and redirects. Credentials go to the registry's own origin alone. */
  async #once(request: OciRequest, scope: string): Promise<OciResponse> {
    const { login } = this.#deps;
    if (request.body !== undefined) await this.#loginBefore(scope);
    const sent = login.headerFor(scope);
    let response = await this.#signed(request, scope);
    if (response.status === 401) {
      response.discard();
      // A token may have expired on the way: one login a request, never a loop.
      if (await login.answer(response.headers['www-authenticate'], scope, sent)) {
        response = await this.#signed(request, scope);
      }
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') return response;
    for (let hop = 0; isRedirect(response.status); hop += 1) {
      const target = URL.parse(response.headers['location'] ?? '', request.url);
      response.discard();
      if (target === null || hop === REDIRECTS) {
        throw new RegistryFault('registry_refused', `${this.#host} redirects ${request.method} to nowhere`);
      }
      const own = target.origin === this.origin;
      const next = { ...request, url: target.href };
      response = own ? await this.#signed(next, scope) : await this.#deps.exchange(next);
    }
    return response;
  }

  /** Asks for the challenge before the first body of a scope leaves: a chunk that is refused would be sent twice. */
  async #loginBefore(scope: string): Promise<void> {
    const { login, exchange } = this.#deps;
    if (this.#challenged.has(scope) || login.headerFor(scope) !== undefined) return;
    this.#challenged.add(scope);
    const response = await exchange({ method: 'GET', url: `${this.origin}/v2/`, headers: {} });
    response.discard();
    if (response.status === 401) await login.answer(response.headers['www-authenticate'], scope, undefined);
  }

  #signed(request: OciRequest, scope: string): Promise<OciResponse> {
    const authorization = this.#deps.login.headerFor(scope);
    const own = new URL(request.url).origin === this.origin;
    if (authorization === undefined || !own) return this.#deps.exchange(request);
    return this.#deps.exchange({ ...request, headers: { ...request.headers, authorization } });
  }

  #failed(error: unknown, final: boolean): undefined {
    if (error instanceof RegistryFault) throw error;
    const reason = error instanceof Error ? error.message : 'failed';
    if (error instanceof ForbiddenAddress) {
      throw new RegistryFault('registry_forbidden', `${this.#host}: ${reason}`, { cause: error });
    }
    if (final) throw new RegistryFault('registry_unavailable', `${this.#host}: ${reason}`, { cause: error });
    return undefined;
  }

  #overloaded({ status }: OciResponse, retryAfter: number): RegistryFault {
    const message = `${this.#host} answered ${status} and asks to wait ${retryAfter} s`;
    return status === 429
      ? new RegistryFault('registry_throttled', message, { retryAfter })
      : new RegistryFault('registry_unavailable', message, { retryAfter });
  }

  get #host(): string {
    return new URL(this.origin).host;
  }
}

const isRedirect = (status: number): boolean => [301, 302, 303, 307, 308].includes(status);

/** Seconds to wait before another try; undefined when the answer is final. */
function waitOf({ status, headers }: OciResponse, again: boolean): number | undefined {
  if (status !== 429 && !(again && status >= 500 && status !== 501)) return undefined;
  const after = headers['retry-after'] ?? '';
  if (/^\d{1,9}$/.test(after)) return Number(after);
  return 1;
}

/** The messages of the specification's error body, shortened for a person. */
function messageIn(text: string): string {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body !== 'object' || body === null || !('errors' in body) || !Array.isArray(body.errors))
      return '';
    return body.errors
      .map((one: { code?: unknown; message?: unknown }) => `${String(one?.code)} ${String(one?.message)}`)
      .join(', ')
      .replaceAll(/\p{Cc}/gu, ' ')
      .slice(0, 300);
  } catch {
    return '';
  }
}
