import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';
import type { Credentials } from '../../functions/adapters/oci/credentials.ts';
import { RegistryFault } from '../../functions/ports/registry.ts';
import type { Terminal } from '../terminal.ts';

/** The parts of `config.json` that `docker login` and its kin keep credentials in. */
const Config = z.object({
  auths: z.optional(
    z.record(z.string(), z.object({ auth: z.optional(z.string()), identitytoken: z.optional(z.string()) })),
  ),
  credsStore: z.optional(z.string()),
  credHelpers: z.optional(z.record(z.string(), z.string())),
});
const Helped = z.object({ Username: z.string(), Secret: z.string() });

const denied = (message: string): RegistryFault => new RegistryFault('registry_denied', message);

type Outside = Pick<Terminal, 'env' | 'home'>;

/**
 * The credentials for a registry by its host: `SLUICE_REGISTRY_USERNAME` and `SLUICE_REGISTRY_PASSWORD`, else what `docker login`
 * keeps, by its credential helper too. Undefined where nobody logged in. Throws `registry_denied` for credentials that cannot be read: nobody is anonymous by accident.
 */
export async function credentialsFor(terminal: Outside, host: string): Promise<Credentials | undefined> {
  const { SLUICE_REGISTRY_USERNAME: username, SLUICE_REGISTRY_PASSWORD: password } = terminal.env;
  if (username !== undefined && password !== undefined) return { username, password };
  const config = await readConfig(terminal);
  const helper = of(config.credHelpers, host) ?? config.credsStore;
  const helped = helper === undefined ? undefined : await ask(terminal, helper, host);
  return helped ?? kept(of(config.auths, host));
}

async function readConfig({ env, home }: Outside): Promise<z.infer<typeof Config>> {
  const file =
    env['REGISTRY_AUTH_FILE'] ?? join(env['DOCKER_CONFIG'] ?? join(home, '.docker'), 'config.json');
  const text = await readFile(file, 'utf8').catch(() => '{}');
  try {
    return z.parse(Config, JSON.parse(text));
  } catch {
    throw denied(`${file} does not hold the credentials of \`docker login\``);
  }
}

/** What is kept for a host; older clients wrote a scheme before it and a path after it. */
const of = <T>(all: { readonly [name: string]: T } | undefined, host: string): T | undefined =>
  Object.entries(all ?? {}).find(([name]) => name.replace(/^https?:\/\//, '').split('/')[0] === host)?.[1];

/** A token of identity stands for the password, as registries that hand one out want it. */
function kept(
  entry: { readonly auth?: string | undefined; readonly identitytoken?: string | undefined } | undefined,
): Credentials | undefined {
  const [, username, password = ''] =
    /^([^:]+):([\s\S]*)$/.exec(Buffer.from(entry?.auth ?? '', 'base64').toString('utf8')) ?? [];
  if (username === undefined) return undefined;
  return { username, password: entry?.identitytoken ?? password };
}

/** Asks a credential helper; one that knows no credentials for the host is no failure. */
function ask({ env }: Outside, helper: string, host: string): Promise<Credentials | undefined> {
  if (!/^[\w.-]+$/.test(helper)) throw denied(`${helper} is no name of a credential helper`);
  return new Promise((resolve, reject) => {
    const program = `docker-credential-${helper}`;
    const child = execFile(program, ['get'], { env: { ...env } }, (error, stdout) => {
      if (error !== null && error.code === 'ENOENT') reject(denied(`there is no ${program} on the path`));
      else resolve(error === null ? helpedBy(stdout) : undefined);
    });
    child.stdin?.on('error', () => undefined).end(host);
  });
}

function helpedBy(stdout: string): Credentials | undefined {
  try {
    const { Username, Secret } = z.parse(Helped, JSON.parse(stdout));
    return { username: Username, password: Secret };
  } catch {
    return undefined;
  }
}
