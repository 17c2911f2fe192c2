import * as z from 'zod/mini';
import { misused } from '../failure.ts';
import { FORMATS } from '../output/print.ts';
import type { Terminal } from '../terminal.ts';
import { type Auth, type Context, readContexts } from './contexts.ts';

const KEY = '--idempotency-key: must be 1 to 250 visible ASCII characters';

/** Options of every verb. */
export const GlobalOptions = z.object({
  output: z._default(z.enum(FORMATS), 'table'),
  context: z.optional(z.string()),
  url: z.optional(z.string()),
  token: z.optional(z.string()),
  tenant: z.optional(z.string()),
  idempotencyKey: z.optional(z.string().check(z.regex(/^[\x21-\x7e]{1,250}$/, KEY))),
  input: z._default(z.boolean(), true),
  quiet: z._default(z.boolean(), false),
});
export type GlobalOptions = z.infer<typeof GlobalOptions>;

/** Where an invocation goes and as whom. */
export type Target = {
  /** Without a slash at the end. */
  readonly url: string;
  readonly tenant?: string;
  readonly auth?: Auth;
  /** The context that it came from; absent: flags and environment alone. */
  readonly context?: string;
};

/** Flags win over `SLUICE_URL`, `SLUICE_TOKEN`, `SLUICE_TENANT` and `SLUICE_CONTEXT`, which win over the current context. */
export async function targetOf(terminal: Terminal, options: GlobalOptions): Promise<Target> {
  const env = given(terminal);
  const contexts = await readContexts(terminal);
  const name = options.context ?? env['SLUICE_CONTEXT'] ?? contexts.current;
  const context = name === undefined ? undefined : contexts.contexts[name];
  if (name !== undefined && context === undefined) {
    throw misused(`there is no context ${name}`, 'List them with `sluice contexts`, or log in.');
  }
  const url = options.url ?? env['SLUICE_URL'] ?? context?.url;
  if (url === undefined) {
    throw misused('no server is known', 'Log in with `sluice login --url URL`, or set SLUICE_URL.');
  }
  const token = visible('token', options.token ?? env['SLUICE_TOKEN']);
  const tenant =
    visible('tenant', options.tenant ?? env['SLUICE_TENANT']) ?? sameServer(url, context)?.tenant;
  const auth: Auth | undefined =
    token === undefined ? authOf(terminal, url, context) : { type: 'token', access_token: token };
  return {
    url: serverUrl(url),
    ...(tenant === undefined ? {} : { tenant }),
    ...(auth === undefined ? {} : { auth }),
    ...(name === undefined ? {} : { context: name }),
  };
}

/** The environment without its empty variables: pipelines set those that they have nothing for. */
const given = ({ env }: Terminal): Terminal['env'] =>
  Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));

/** What goes into a header of every request. */
function visible(what: string, text: string | undefined): string | undefined {
  if (text === undefined || /^[\x21-\x7e]+$/.test(text)) return text;
  throw misused(text === '' ? `the ${what} is empty` : `the ${what} has characters that none has`);
}

/** What a context knows is for its own server: a token is never sent to another one. */
function sameServer(url: string, context: Context | undefined): Context | undefined {
  return context !== undefined && serverUrl(context.url) === serverUrl(url) ? context : undefined;
}

/** The context's, else AWS where `SLUICE_AUTH=aws` asks for it, as pipelines do. */
function authOf(terminal: Terminal, url: string, context: Context | undefined): Auth | undefined {
  const env = given(terminal);
  const kept = sameServer(url, context)?.auth;
  if (kept !== undefined || env['SLUICE_AUTH'] !== 'aws') return kept;
  const region = env['AWS_REGION'] ?? env['AWS_DEFAULT_REGION'];
  if (region === undefined) throw misused('SLUICE_AUTH=aws needs a region', 'Set AWS_REGION.');
  return { type: 'aws', region };
}

/** The names of this machine. */
const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])$/;

/** Whether two addresses are of one origin, however each calls this machine. */
export function isSameOrigin(left: string, right: string): boolean {
  const [one, other] = [new URL(left), new URL(right)].map((url) => {
    if (LOOPBACK.test(url.hostname)) url.hostname = 'localhost';
    return url.origin;
  });
  return one === other;
}

/** The address of a server in one spelling. Plain http is for this machine alone: a token would be read on the way. */
export function serverUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['https:', 'http:'].includes(url.protocol) || url.username !== '') {
    throw misused(`${text} is not the address of a server`, 'Give one such as https://sluice.example.com.');
  }
  if (url.protocol === 'http:' && !LOOPBACK.test(url.hostname)) {
    throw misused(`${text} is not https`, 'Plain http is only for a server on this machine.');
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}
