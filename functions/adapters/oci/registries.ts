import type { Registry } from '../../domain/catalog/registry.ts';
import type { Registries } from '../../ports/registries.ts';
import { RegistryFault } from '../../ports/registry.ts';
import type { Secrets } from '../../ports/secrets.ts';
import type { Signatures } from '../../ports/signatures.ts';
import { type Credentials, RegistryLogin } from './credentials.ts';
import type { AwsKeys } from './ecr-token.ts';
import type { Exchange } from './exchange.ts';
import { OciRepository } from './repository.ts';
import { Transport } from './transport.ts';

export type RegistriesSettings = {
  readonly copySeconds: number;
  readonly exchange: Exchange;
  readonly secrets: Secrets;
  readonly signatures: Signatures;
  /** Milliseconds since 1970. */
  now(): number;
  sleep(ms: number): Promise<void>;
};

/** Registries over HTTP. A login lasts as long as this: one call of a function, so that a rotated credential is the next call's. */
export function ociRegistries(settings: RegistriesSettings): Registries {
  const { copySeconds, exchange, secrets, signatures, sleep } = settings;
  const transports = new Map<string, Transport>();
  return {
    copySeconds,
    signatures,
    trustedRoot: (tenant, ref) => secrets.read({ tenant, purpose: 'registry' }, ref),
    repository(tenant, registry, path) {
      const key = JSON.stringify([tenant, registry.url, registry.secret_ref ?? '']);
      let transport = transports.get(key);
      if (transport === undefined) {
        const login = new RegistryLogin(exchange, () => credentialsOf(settings, tenant, registry));
        transport = new Transport(registry.url, { exchange, login, sleep });
        transports.set(key, transport);
      }
      return new OciRepository(transport, path);
    },
  };
}

/** Throws `registry_denied` when the catalog names a secret that cannot be used: nobody is anonymous by accident. */
async function credentialsOf(
  { secrets, exchange, now }: RegistriesSettings,
  tenant: string,
  { id, type, url, secret_ref }: Registry,
): Promise<Credentials | undefined> {
  if (secret_ref === undefined) return undefined;
  const text = await secrets.read({ tenant, purpose: 'registry' }, secret_ref);
  const keys = text === undefined || type !== 'ecr' ? undefined : awsKeysIn(text);
  if (keys !== undefined) {
    const { ecrCredentials } = await import('./ecr-token.ts');
    return ecrCredentials({ exchange, now }, url, keys);
  }
  const credentials = text === undefined ? undefined : credentialsIn(text);
  if (credentials !== undefined) return credentials;
  throw new RegistryFault(
    'registry_denied',
    text === undefined
      ? `the secret ${secret_ref} of the registry ${id} cannot be read: create it, or name another one`
      : `the secret ${secret_ref} of the registry ${id} must hold ${HELD[type] ?? USER}`,
  );
}

const USER = '{"username", "password"}';
/** What else a secret may hold, by the type of the registry. */
const HELD: { readonly [type in Registry['type']]?: string } = {
  ecr: `{"access_key_id", "secret_access_key"} or ${USER}`,
};

/** Keys of an IAM user or role of the tenant: never those of the function, whose token would open every tenant's repositories to each. */
function awsKeysIn(text: string): AwsKeys | undefined {
  const { access_key_id, secret_access_key, session_token } = membersIn(text);
  if (typeof access_key_id !== 'string' || typeof secret_access_key !== 'string') return undefined;
  const session = typeof session_token === 'string' ? { sessionToken: session_token } : {};
  return { accessKeyId: access_key_id, secretAccessKey: secret_access_key, ...session };
}

function membersIn(text: string): { readonly [name: string]: unknown } {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

/** `{"username", "password"}`, or both with a colon between, as `docker login` keeps them. */
function credentialsIn(text: string): Credentials | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const [, username, password] = /^([^:\s]+):(\S+)$/.exec(text.trim()) ?? [];
    return username === undefined || password === undefined ? undefined : { username, password };
  }
  if (typeof value !== 'object' || value === null || !('username' in value) || !('password' in value))
    return undefined;
  const { username, password } = value;
  return typeof username === 'string' && typeof password === 'string' ? { username, password } : undefined;
}
