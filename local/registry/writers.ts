import { createHash, timingSafeEqual } from 'node:crypto';
import { jwtVerify } from 'jose';
import type { Issuer } from '../identity/issuer.ts';
import { RegistryError } from './answer.ts';

/** The account by which the product itself writes to the registry of this machine. */
export interface RobotAccount {
  readonly username: string;
  readonly password: string;
}

/** Who may write: demo people by a token of theirs, and the product's own account. */
export interface Writers {
  readonly issuer: Pick<Issuer, 'url' | 'keys' | 'people'> | undefined;
  readonly robot: RobotAccount;
  /** Whether reading takes credentials too: the runtime listens beyond loopback, and its door has judged the host. */
  readonly closed?: boolean;
}

/** What a client is told to send (RFC 7617). */
const challenge = { 'www-authenticate': 'Basic realm="Sluice"' };

/**
 * Whether a request carries good credentials: `true`, or `false` when it carries none. Basic takes an e-mail address with
 * a token as the password, Bearer the token alone. An empty name stands for "none": clients that have no credentials
 * answer a Basic challenge with it. Throws `UNAUTHORIZED` for wrong ones.
 */
export async function authenticate(authorization: string | undefined, writers: Writers): Promise<boolean> {
  const [, scheme = '', sent = ''] = /^(\S+) +(\S+)$/.exec(authorization ?? '') ?? [];
  if (authorization === undefined) return false;
  if (scheme.toLowerCase() === 'bearer' && (await subjectOf(sent, writers)) !== undefined) return true;
  if (scheme.toLowerCase() !== 'basic') throw unauthorized('the credentials are not valid');
  const [name = '', ...rest] = Buffer.from(sent, 'base64').toString('utf8').split(':');
  const password = rest.join(':');
  if (name === '') return false;
  if (name === writers.robot.username && same(password, writers.robot.password)) return true;
  const subject = await subjectOf(password, writers);
  const person = writers.issuer?.people.find(({ email }) => email === name.toLowerCase());
  if (subject === undefined || person?.user_id !== subject)
    throw unauthorized('the credentials are not valid');
  return true;
}

/** The refusal of a request that needs credentials. */
export function unauthorized(message: string): RegistryError {
  return new RegistryError('UNAUTHORIZED', message, challenge);
}

/** The person whose access token this is. */
async function subjectOf(token: string, { issuer }: Writers): Promise<string | undefined> {
  if (issuer === undefined) return undefined;
  try {
    const { payload } = await jwtVerify(token, issuer.keys, { issuer: issuer.url, requiredClaims: ['exp'] });
    return payload['token_use'] === 'access' ? payload.sub : undefined;
  } catch {
    return undefined;
  }
}

function same(left: string, right: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(left), hash(right));
}
