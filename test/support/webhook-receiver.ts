import { Webhook } from 'standardwebhooks';
import { type Listener, listen, type Received } from './listener.ts';

/**
 * How a receiver meets one request. It keeps the event for `kept` and for `kept, then reset`, where the sender never hears of it;
 * of the other answers it keeps nothing.
 */
export type Weather = 'kept' | 'kept, then reset' | 'error' | 'hang' | 'reset' | 'redirect' | 'gone';

/** What a receiver knows of an event that it kept. */
export type Kept = {
  readonly id: string;
  readonly promotion: string;
  readonly seq: number;
  readonly event: unknown;
};

/** A receiver of Standard Webhooks on a real port; it verifies every request with the published library. */
export class WebhookReceiver {
  /** In the order of their first arrival: an id that was seen is not kept again. */
  readonly kept: Kept[] = [];
  /** Requests whose signature did not hold, in the library's words. */
  readonly forged: string[] = [];
  /** How each request was met. */
  readonly met: Weather[] = [];
  readonly #webhook: Webhook;
  #weather: (n: number) => Weather;
  #listener: Listener | undefined;

  constructor(secret: string, weather: (n: number) => Weather) {
    this.#webhook = new Webhook(secret);
    this.#weather = weather;
  }

  async start(): Promise<this> {
    this.#listener = await listen((request, raw, response) => {
      const weather = this.#weather(this.met.length);
      this.met.push(weather);
      if (!this.#verified(request)) return void response.writeHead(401).end();
      if (weather.startsWith('kept')) this.#keep(request);
      switch (weather) {
        case 'kept':
          return void response.writeHead(204).end();
        case 'error':
          return void response.writeHead(500).end('not now');
        case 'redirect':
          return void response.writeHead(307, { location: `${this.url}/elsewhere` }).end();
        case 'gone':
          return void response.writeHead(410).end();
        case 'reset':
        case 'kept, then reset':
          return void raw.socket.destroy();
        case 'hang':
          return;
        default:
          return weather satisfies never;
      }
    });
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#listener?.port}/hook`;
  }

  /** Paths of everything that was asked for. */
  get paths(): readonly string[] {
    return (this.#listener?.received ?? []).map(({ path }) => path);
  }

  /** The promotions of everything that was asked for. */
  get promotions(): readonly string[] {
    return (this.#listener?.received ?? []).map(({ headers }) => promotionOf(headers).promotion);
  }

  /** From now on every request is met so. */
  settle(weather: Weather): void {
    this.#weather = () => weather;
  }

  async stop(): Promise<void> {
    await this.#listener?.stop();
  }

  #verified({ body, headers }: Received): boolean {
    try {
      this.#webhook.verify(body, Object.fromEntries(Object.entries(headers).map(([k, v]) => [k, String(v)])));
      return true;
    } catch (error) {
      this.forged.push(String(error));
      return false;
    }
  }

  #keep({ body, headers }: Received): void {
    const about = promotionOf(headers);
    if (this.kept.some(({ id }) => id === about.id)) return;
    this.kept.push({ ...about, event: JSON.parse(body) });
  }
}

function promotionOf(headers: Received['headers']): Omit<Kept, 'event'> {
  const id = String(headers['webhook-id']);
  const [, promotion = '', seq = ''] = /^(.+)-(\d+)$/.exec(id) ?? [];
  return { id, promotion, seq: Number(seq) };
}
