import { createHash } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import { RegistryFault } from '../../ports/registry.ts';
import { Sha256 } from '../sha256.ts';
import type { Credentials } from './credentials.ts';
import { type Exchange, readBounded } from './exchange.ts';

/** Keys of an IAM principal of the tenant, which may `ecr:GetAuthorizationToken` and what its repositories are for. */
export type AwsKeys = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
};

/** A private registry of ECR: its region, and the domain of its partition. */
const HOST = /^\d{6,12}\.dkr\.ecr(?:-fips)?\.([a-z]{2}(?:-[a-z]+)+-\d)\.(amazonaws\.com(?:\.cn)?)$/;
const OPERATION = 'AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken';
const MAX_ANSWER = 64 * 1024;
/** A token is good for 12 hours; what is left of it must do for one call of a function. */
const SPARE_MS = 15 * 60_000;
/** Tokens that are kept at once. */
const MOST_KEPT = 100;

type Token = Credentials & { readonly until: number };
const kept = new Map<string, Promise<Token>>();

/**
 * The user and password that ECR hands out for keys of the tenant, asked of its API once until shortly before they expire. The keys sign
 * the question and are never sent; they go to nobody but the API of the registry's own region. Throws `RegistryFault`.
 */
export async function ecrCredentials(
  { exchange, now }: { readonly exchange: Exchange; readonly now: () => number },
  origin: string,
  keys: AwsKeys,
): Promise<Credentials> {
  const { host } = new URL(origin);
  const [, region, domain] = HOST.exec(host) ?? [];
  if (region === undefined || domain === undefined) {
    throw new RegistryFault('registry_denied', `${host} is no registry of ECR: AWS keys are not for it`);
  }
  // The digest of the secret: other keys are another token, and the key itself is in no map.
  const name = createHash('sha256')
    .update(JSON.stringify([host, keys]))
    .digest('hex');
  for (let there = kept.get(name); there !== undefined; there = kept.get(name)) {
    const token = await there.catch(() => undefined);
    if (token !== undefined && now() < token.until) return token;
    // Else somebody else has asked meanwhile.
    if (kept.get(name) === there) break;
  }
  const asked = ask({ exchange, now }, `api.ecr.${region}.${domain}`, region, keys);
  kept.delete(name);
  kept.set(name, asked);
  for (const oldest of kept.keys()) if (kept.size > MOST_KEPT) kept.delete(oldest);
  return asked.catch((error) => {
    if (kept.get(name) === asked) kept.delete(name);
    throw error;
  });
}

async function ask(
  { exchange, now }: { readonly exchange: Exchange; readonly now: () => number },
  host: string,
  region: string,
  credentials: AwsKeys,
): Promise<Token> {
  const signer = new SignatureV4({ service: 'ecr', region, credentials, sha256: Sha256 });
  const { headers } = await signer.sign(
    {
      ...{ method: 'POST', protocol: 'https:', hostname: host, path: '/', query: {}, body: '{}' },
      headers: { host, 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': OPERATION },
    },
    { signingDate: new Date(now()) },
  );
  const { host: _, ...sent } = headers;
  const response = await exchange({
    ...{ method: 'POST', url: `https://${host}/`, headers: sent, body: Buffer.from('{}') },
  });
  const body = await readBounded(response, MAX_ANSWER);
  const answer = objectIn(body?.toString('utf8') ?? '');
  if (response.status !== 200) throw refused(host, response.status, String(answer['__type'] ?? ''));
  const token = tokenIn(answer);
  if (token === undefined) throw new RegistryFault('registry_corrupt', `${host} answered no token`);
  return token;
}

function refused(host: string, status: number, type: string): RegistryFault {
  const code = /([A-Za-z]{1,60})$/.exec(type)?.[1] ?? `status ${status}`;
  if (status === 429 || /Throttl|TooManyRequests|RequestLimit/.test(code)) {
    return new RegistryFault('registry_throttled', `${host} asks to wait: ${code}`);
  }
  if (status >= 500) return new RegistryFault('registry_unavailable', `${host} answered ${status}: ${code}`);
  return new RegistryFault(
    'registry_denied',
    `${host} gives no token for the keys of the secret: ${code}; they need ecr:GetAuthorizationToken`,
  );
}

/** `authorizationToken` is the base64 of `AWS:<password>`, `expiresAt` seconds since 1970. Without an end it is good once. */
function tokenIn(answer: { readonly [name: string]: unknown }): Token | undefined {
  const { authorizationData } = answer;
  const [first] = Array.isArray(authorizationData) ? authorizationData : [];
  if (typeof first !== 'object' || first === null) return undefined;
  const { authorizationToken, expiresAt } = first;
  if (typeof authorizationToken !== 'string') return undefined;
  const [, username, password] =
    /^([^:]+):([\x21-\x7e]+)$/.exec(Buffer.from(authorizationToken, 'base64').toString('latin1')) ?? [];
  if (username === undefined || password === undefined) return undefined;
  const end = typeof expiresAt === 'number' && Number.isFinite(expiresAt) ? expiresAt * 1000 : 0;
  return { username, password, until: end - SPARE_MS };
}

function objectIn(text: string): { readonly [name: string]: unknown } {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
