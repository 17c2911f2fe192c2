import { challengesIn } from './challenge.ts';
import { type Exchange, readBounded } from './exchange.ts';

/** What a registry knows us by. ECR hands out a user name and password that are good for 12 hours. */
export type Credentials = { readonly username: string; readonly password: string };

/** The credentials of a registry, asked for when it first wants some; none for anonymous access. */
export type CredentialSource = () => Promise<Credentials | undefined>;

/** Bytes of a token endpoint's answer that are read. */
const MAX_TOKEN_BYTES = 256 * 1024;

/**
 * Signs requests to one registry as it asks to (the distribution project's "Token Authentication Specification", and
 * Basic): nothing is sent before a challenge, and nothing is sent to another origin.
 */
export class RegistryLogin {
  readonly #exchange: Exchange;
  readonly #source: CredentialSource;
  readonly #authorization = new Map<string, string>();

  constructor(exchange: Exchange, source: CredentialSource) {
    this.#exchange = exchange;
    this.#source = source;
  }

  /** The header for requests of a scope, undefined until a challenge was answered. */
  headerFor(scope: string): string | undefined {
    return this.#authorization.get(scope);
  }

  /** Answers the challenge to a request that went with `sent`; returns whether another try is worth it. */
  async answer(header: string | undefined, scope: string, sent: string | undefined): Promise<boolean> {
    // Another request has logged in meanwhile.
    if (this.#authorization.get(scope) !== sent) return true;
    const challenges = challengesIn(header ?? '');
    const bearer = challenges.find(({ scheme }) => scheme === 'bearer');
    const credentials = await this.#source();
    const authorization =
      bearer !== undefined
        ? await this.#token(bearer.parameters, scope, credentials)
        : challenges.some(({ scheme }) => scheme === 'basic') && credentials !== undefined
          ? basic(credentials)
          : undefined;
    if (authorization === undefined || authorization === sent) return false;
    this.#authorization.set(scope, authorization);
    return true;
  }

  async #token(
    parameters: ReadonlyMap<string, string>,
    scope: string,
    credentials: Credentials | undefined,
  ): Promise<string | undefined> {
    const realm = URL.parse(parameters.get('realm') ?? '');
    if (realm === null) return undefined;
    const service = parameters.get('service');
    if (service !== undefined) realm.searchParams.set('service', service);
    // The registry's own scope is the least it wants; ours names all that will be done.
    realm.searchParams.set('scope', scope);
    const headers = credentials === undefined ? {} : { authorization: basic(credentials) };
    const response = await this.#exchange({ method: 'GET', url: realm.href, headers });
    const body = await readBounded(response, MAX_TOKEN_BYTES);
    if (response.status !== 200 || body === undefined) return undefined;
    const token = tokenIn(body.toString('utf8'));
    return token === undefined ? undefined : `Bearer ${token}`;
  }
}

const basic = ({ username, password }: Credentials): string =>
  `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;

/** `token`, or `access_token` as OAuth 2 calls it. */
function tokenIn(text: string): string | undefined {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof answer !== 'object' || answer === null) return undefined;
  const token = 'token' in answer ? answer.token : 'access_token' in answer ? answer.access_token : undefined;
  return typeof token === 'string' && /^[\x21-\x7e]+$/.test(token) ? token : undefined;
}
