/** What the API answered: the status, the headers and the parsed JSON (or `null` for an empty body). */
export type Answer = { readonly status: number; readonly headers: Headers; readonly body: Body };
// biome-ignore lint/suspicious/noExplicitAny: tests read what they expect of a wire answer and fail on anything else.
export type Body = any;

/** A caller of the HTTP API with a bearer token, as one of the demo people. */
export class Api {
  readonly #url: string;
  /** Sent with every request. */
  readonly headers: Record<string, string>;

  constructor(url: string, token: string, headers: Record<string, string> = {}) {
    this.#url = url;
    this.headers = { authorization: `Bearer ${token}`, ...headers };
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.send('GET', path, undefined, headers);
  }

  post(path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    return this.send('POST', path, body, headers);
  }

  put(path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    return this.send('PUT', path, body, headers);
  }

  patch(path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    return this.send('PATCH', path, body, headers);
  }

  delete(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.send('DELETE', path, undefined, headers);
  }

  async send(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const given = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) };
    const type: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
    const response = await fetch(this.#url + path, {
      method,
      headers: { ...this.headers, ...type, ...headers },
      ...given,
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: text === '' ? null : JSON.parse(text),
    };
  }
}

/** For what never comes: longer than any back-off of the product on any machine, shorter than the time-out of a test. */
const PATIENCE = 600_000;

/** Asks again, `pause` milliseconds later each time, until the answer is as expected; fails with the last answer after ten minutes. */
export async function until<T>(look: () => Promise<T>, good: (seen: T) => boolean, pause = 100): Promise<T> {
  const begun = performance.now();
  for (;;) {
    const seen = await look();
    if (good(seen)) return seen;
    if (performance.now() - begun > PATIENCE)
      throw new Error(`not as expected after ten minutes: ${JSON.stringify(seen)}`);
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}
