import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import * as z from 'zod/mini';
import { EXIT } from '../exit.ts';
import { Failure, misused } from '../failure.ts';
import type { Progress } from '../output/progress.ts';
import type { Terminal } from '../terminal.ts';
import type { Auth } from './contexts.ts';

/** The redirection that the client is registered with. */
const CALLBACK = 'http://localhost:8765/callback';
/** Milliseconds before its end at which a token is renewed. */
const EARLY = 60_000;

type Oidc = Extract<Auth, { type: 'oidc' }>;
const Discovery = z.object({ authorization_endpoint: z.string(), token_endpoint: z.string() });
const Tokens = z.object({
  access_token: z.string(),
  expires_in: z.optional(z.number()),
  refresh_token: z.optional(z.string()),
});

/** Where a person is asked: a part of a session. */
type Asking = {
  readonly terminal: Terminal;
  readonly progress: Progress;
  readonly options: { readonly input: boolean };
};

export type OidcSettings = {
  readonly issuer: string;
  readonly clientId: string;
  readonly scopes?: readonly string[];
  readonly browser: boolean;
};

/** Logs a person in at the identity provider: authorization code with PKCE (RFC 7636) and a state that comes back (RFC 6749). */
export async function oidcLogin(
  session: Asking,
  { issuer, clientId, scopes = ['openid', 'email'], browser }: OidcSettings,
): Promise<Oidc> {
  const { terminal } = session;
  const found = await discovered(terminal, issuer);
  const verifier = randomBytes(32).toString('base64url');
  const state = randomBytes(16).toString('base64url');
  const address = new URL(found.authorization_endpoint);
  for (const [name, value] of Object.entries({
    response_type: 'code',
    client_id: clientId,
    redirect_uri: CALLBACK,
    scope: scopes.join(' '),
    state,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  })) {
    address.searchParams.set(name, value);
  }
  const back = browser ? await throughBrowser(session, address) : await pasted(session, address);
  const code = codeIn(back, state);
  return tokensFor(terminal, found.token_endpoint, clientId, {
    grant_type: 'authorization_code',
    code,
    redirect_uri: CALLBACK,
    code_verifier: verifier,
  });
}

/** The login with a token that is good for a while; the same one where that is so still. */
export async function renewed(terminal: Terminal, auth: Oidc): Promise<Oidc> {
  if (auth.expires_at - EARLY > terminal.now()) return auth;
  if (auth.refresh_token === undefined) throw over();
  const given = { grant_type: 'refresh_token', refresh_token: auth.refresh_token };
  const next = await tokensFor(terminal, auth.token_endpoint, auth.client_id, given);
  // A provider that does not rotate them sends none: the old one stays good.
  return { ...next, refresh_token: next.refresh_token ?? auth.refresh_token };
}

const over = (): Failure =>
  new Failure('unauthenticated', EXIT.not_authorized, 'your login is over', {
    hint: 'Log in again with `sluice login`.',
  });

async function discovered(terminal: Terminal, issuer: string): Promise<z.infer<typeof Discovery>> {
  const url = `${issuer.replace(/\/+$/, '')}/.well-known/openid-configuration`;
  const answer = await terminal.fetch(url).catch(() => undefined);
  const read = z.safeParse(Discovery, answer?.ok === true ? await answer.json() : undefined);
  if (read.success) return read.data;
  throw new Failure('unavailable', EXIT.unavailable, `${issuer} does not say where people sign in (${url})`);
}

async function tokensFor(
  terminal: Terminal,
  endpoint: string,
  clientId: string,
  given: { readonly [name: string]: string },
): Promise<Oidc> {
  const answer = await terminal
    .fetch(endpoint, { method: 'POST', body: new URLSearchParams({ ...given, client_id: clientId }) })
    .catch((error: unknown) => {
      throw new Failure('unavailable', EXIT.unavailable, `${endpoint} does not answer: ${String(error)}`);
    });
  const read = z.safeParse(Tokens, answer.ok ? await answer.json() : undefined);
  if (!read.success) throw over();
  const { access_token, refresh_token, expires_in = 3600 } = read.data;
  return {
    type: 'oidc',
    access_token,
    expires_at: terminal.now() + expires_in * 1000,
    token_endpoint: endpoint,
    client_id: clientId,
    ...(refresh_token === undefined ? {} : { refresh_token }),
  };
}

/** Waits at the registered address for the browser to come back. */
function throughBrowser({ terminal, progress }: Asking, address: URL): Promise<URL> {
  return new Promise((resolve, reject) => {
    const server = createServer((request, response) => {
      const url = new URL(request.url ?? '/', CALLBACK);
      if (url.pathname !== new URL(CALLBACK).pathname) {
        response.writeHead(404).end();
        return;
      }
      response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' });
      response.end('You are logged in. Go back to the terminal.\n', () => server.close());
      resolve(url);
    });
    const stop = (): void => {
      server.close();
      reject(new Failure('interrupted', EXIT.interrupted, 'interrupted'));
    };
    terminal.interrupted.addEventListener('abort', stop, { once: true });
    server.on('error', () => reject(misused(`${CALLBACK} is taken`, 'Use --no-browser.')));
    server.listen(Number(new URL(CALLBACK).port), 'localhost', () => {
      terminal.err(`Sign in at ${address.href}\n`);
      progress.say('waiting for the browser');
      open(address.href);
    });
    server.on('close', () => terminal.interrupted.removeEventListener('abort', stop));
  });
}

/** Opens an address where there is a desktop; the address was printed for where there is none. */
function open(address: string): void {
  const program = process.platform === 'darwin' ? 'open' : 'xdg-open';
  spawn(program, [address], { stdio: 'ignore', detached: true })
    .on('error', () => undefined)
    .unref();
}

async function pasted({ terminal, options }: Asking, address: URL): Promise<URL> {
  terminal.err(
    `Sign in at ${address.href}\nThe browser then goes to ${CALLBACK}?…, which need not answer.\n`,
  );
  if (!options.input) throw misused('--no-browser asks for an address: it does not go with --no-input');
  const text = await terminal.ask('The address it went to: ');
  if (!URL.canParse(text)) throw misused('that is no address');
  return new URL(text);
}

/** The code in the address that the browser came back with. An answer to another question is refused. */
function codeIn(back: URL, state: string): string {
  const asked = (name: string) => back.searchParams.get(name) ?? undefined;
  if (asked('state') !== state) {
    throw new Failure('not_authorized', EXIT.not_authorized, 'the answer is to another login', {
      hint: 'Log in again.',
    });
  }
  const code = asked('code');
  if (code !== undefined) return code;
  const why = asked('error_description') ?? asked('error') ?? 'no code came back';
  throw new Failure('not_authorized', EXIT.not_authorized, `the identity provider says: ${why}`);
}
