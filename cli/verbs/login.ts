import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Command } from 'commander';
import * as z from 'zod/mini';
import { getMe, MeView } from '../../functions/contract/me.ts';
import { getSignInClient, SignInClientView } from '../../functions/contract/sign-in.ts';
import { misused } from '../failure.ts';
import { jsonOf } from '../json.ts';
import { type Auth, type Context, readContexts, writeContexts } from '../login/contexts.ts';
import type { OidcSettings } from '../login/oidc.ts';
import { serverUrl } from '../login/settings.ts';
import type { Outcome } from '../output/print.ts';
import { clientFor, type Session } from '../session.ts';
import type { Bind } from '../verb.ts';

const LoginAnswer = z.object({ context: z.string(), url: z.string(), me: MeView });

const Given = z.object({
  url: z.optional(z.string()),
  as: z.optional(z.string()),
  name: z.optional(z.string()),
  issuer: z.optional(z.string()),
  clientId: z.optional(z.string()),
  browser: z._default(z.boolean(), true),
  aws: z._default(z.boolean(), false),
  region: z.optional(z.string()),
  profile: z.optional(z.string()),
});
type Given = z.infer<typeof Given>;

/** `sluice login`: proves who somebody is, and keeps it under a name. */
export const login = (bind: Bind): Command =>
  bind(
    new Command('login')
      .description('log in to a server and keep it as a context')
      .argument('[url]', 'the server; --url and SLUICE_URL name it too')
      .option('--as <email>', 'a server on this machine: one of its demo people')
      .option('--issuer <url>', 'sign in at another identity provider than the server names')
      .option('--client-id <id>', 'the client of sluice at the identity provider')
      .option('--no-browser', 'print the address, and ask for the one that it leads to')
      .option('--aws', 'sign every request with AWS credentials (SigV4), as machines do')
      .option('--region <region>', 'with --aws: the region of the server (AWS_REGION)')
      .option('--profile <profile>', 'with --aws: a profile of the AWS files')
      .option('--name <name>', 'name of the context (default: the host of the server)'),
    {
      given: Given,
      answer: LoginAnswer,
      examples: [
        'sluice login --as dev@acme.com',
        'sluice login https://sluice.example.com',
        'sluice login https://sluice.example.com --no-browser',
        'sluice login --url https://machines.sluice.example.com --aws --region eu-central-1',
        'sluice login --url https://sluice.example.com --token "$TOKEN"',
        'echo "$TOKEN" | sluice login --url https://sluice.example.com --token -',
      ],
      run: (given, session) => loggedIn(given, session),
    },
  );

async function loggedIn(
  { name, url: named, ...how }: Given,
  session: Session,
): Promise<Outcome & { readonly data: z.infer<typeof LoginAnswer> }> {
  const { terminal, options } = session;
  const url = serverUrl(named ?? options.url ?? terminal.env['SLUICE_URL'] ?? (await localUrl(session)));
  const auth = await authFor(session, url, how);
  const tenant = options.tenant ?? terminal.env['SLUICE_TENANT'];
  const target = { url, auth, ...(tenant === undefined ? {} : { tenant }) };
  const me = await clientFor(terminal, target).call(getMe, MeView);
  const context = name ?? options.context ?? new URL(url).host;
  const kept: Context = { url, tenant: me.organization_id, auth };
  const contexts = await readContexts(terminal);
  await writeContexts(terminal, { current: context, contexts: { ...contexts.contexts, [context]: kept } });
  const who = me.email || me.subject;
  return {
    data: { context, url, me },
    text: `Logged in to ${url} as ${who}, tenant ${me.organization_id}. The context is ${context}.`,
  };
}

async function authFor(session: Session, url: string, how: Omit<Given, 'name' | 'url'>): Promise<Auth> {
  const { terminal, options } = session;
  const { as, issuer, clientId, browser, aws, profile } = how;
  const ways = [as !== undefined, issuer !== undefined, aws, options.token !== undefined];
  if (ways.filter(Boolean).length > 1) throw misused('give one of --as, --issuer, --aws and --token');
  if (as !== undefined) return { type: 'local', email: as };
  if (issuer !== undefined) {
    if (clientId === undefined) throw misused('--issuer needs --client-id');
    return signedIn(session, { issuer, clientId, browser });
  }
  if (aws) {
    const region = how.region ?? terminal.env['AWS_REGION'] ?? terminal.env['AWS_DEFAULT_REGION'] ?? '';
    if (region === '') throw misused('--aws needs --region');
    return { type: 'aws', region, ...(profile === undefined ? {} : { profile }) };
  }
  const token = options.token ?? terminal.env['SLUICE_TOKEN'];
  if (token === undefined) {
    const asks = browser ? terminal.interactive && options.input : true;
    if (asks) return signedIn(session, { ...(await clientOf(terminal, url)), browser });
    throw misused(
      'nobody is here to sign in: say who you are with --as on this machine, else with --aws or --token',
      'See `sluice login --help`.',
    );
  }
  const given = (token === '-' ? await terminal.read() : token).trim();
  if (given === '') throw misused('the token is empty');
  return { type: 'token', access_token: given };
}

async function signedIn(session: Session, settings: OidcSettings): Promise<Auth> {
  const { oidcLogin } = await import('../login/oidc.ts');
  return oidcLogin(session, settings);
}

/** How a server has its people signed in, by its own word. */
async function clientOf(terminal: Session['terminal'], url: string) {
  const { issuer, client_id, scopes } = await clientFor(terminal, { url }).call(
    getSignInClient,
    SignInClientView,
  );
  return { issuer: serverUrl(issuer), clientId: client_id, scopes };
}

/** Where `npm start` runs in this folder. */
async function localUrl({ terminal }: Session): Promise<string> {
  const file = resolve(terminal.cwd, terminal.env['SLUICE_DATA_DIR'] ?? '.sluice', 'runtime.json');
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) {
    throw misused('no server is known', 'Name one with --url, or start one with `npm start`.');
  }
  const read = z.safeParse(z.object({ url: z.string() }), jsonOf(text));
  if (read.success) return read.data.url;
  throw misused(`${file} does not say where a server is`, 'Name one with --url.');
}
