import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { writePrivate } from '../identity/private-file.ts';
import { codePage } from './code-page.ts';
import type { HttpRequest } from './event.ts';
import { type HttpAnswer, htmlAnswer, jsonAnswer } from './gateway-answer.ts';

/** Where the code is typed. */
export const CODE_PATH = '/_local/code';
/** The header by which programs send the code. */
export const CODE_HEADER = 'sluice-code';
const COOKIE = 'sluice_code';

/**
 * What below `/_local/` takes no code: the page that asks for it, keys that clients verify tokens by, the token endpoint (it takes what
 * the sign-in page gave, once), and function URLs, whose functions check their callers themselves.
 */
const OPEN = [CODE_PATH, '/_local/oidc/.well-known/', '/_local/oidc/token', '/_local/functions/'];

/** Who comes in where the runtime listens beyond loopback. */
export interface Door {
  /** The one address under which everything is served. */
  readonly origin: string;
  readonly code: string;
  /** The answer to a request that may not come in; undefined where it may. Takes a second for a wrong code. */
  refusal(incoming: IncomingMessage): Promise<HttpAnswer | undefined>;
  /** Answers a request for the page that asks for the code. */
  page(request: HttpRequest): Promise<HttpAnswer>;
}

/** Reads the code of a data directory: 128 random bits, made once and kept (mode 0600). */
export async function readCode(dataDir: string): Promise<string> {
  const file = join(dataDir, 'code');
  const kept = await readFile(file, 'utf8').catch(() => '');
  if (/^[\w-]{22}$/.test(kept)) return kept;
  const code = randomBytes(16).toString('base64url');
  await writePrivate(file, code);
  return code;
}

/** Opens the door of an origin. `inside`: the host by which this machine calls itself. */
export function openDoor(origin: string, inside: string, code: string): Door {
  const { host, protocol } = new URL(origin);
  const fits = async (sent: string): Promise<boolean> => {
    if (same(sent, code)) return true;
    await new Promise((resolve) => setTimeout(resolve, 1000));
    return false;
  };
  return {
    origin,
    code,

    async refusal({ headers, url = '/', socket }) {
      const own = socket.remoteAddress === socket.localAddress && headers.host === inside;
      if (headers.host !== host && !own) return refused(421, `This Sluice answers at ${origin} only.`);
      if (headers.origin !== undefined && headers.origin !== origin) {
        return refused(403, `Pages of ${origin} only may call this Sluice.`);
      }
      const path = decoded(url.split('?')[0] ?? '');
      if (!path.startsWith('/_local/') || OPEN.some((open) => path === open || below(path, open))) return;
      const sent = headers[CODE_HEADER] ?? cookieOf(headers.cookie);
      if (typeof sent === 'string' && (await fits(sent))) return;
      if (headers.accept?.includes('text/html'))
        return redirect(`${CODE_PATH}?to=${encodeURIComponent(url)}`);
      return refused(
        401,
        `Open ${origin}${CODE_PATH}, or send the code of the start as the header ${CODE_HEADER}.`,
      );
    },

    async page({ method, rawQuery, body }) {
      const query = new URLSearchParams(method === 'POST' ? body.toString('utf8') : rawQuery);
      const asked = query.get('to') ?? '/';
      const to = /^\/(?![/\\])/.test(asked) ? asked : '/';
      const sent = query.get('code');
      if (sent === null) return htmlAnswer(codePage(to, false));
      if (!(await fits(sent.trim()))) return { ...htmlAnswer(codePage(to, true)), status: 401 };
      const secure = protocol === 'https:' ? '; Secure' : '';
      const cookie = `${COOKIE}=${code}; Path=/_local; HttpOnly; SameSite=Lax; Max-Age=2592000${secure}`;
      const answer = redirect(to);
      return { ...answer, headers: { ...answer.headers, 'set-cookie': cookie } };
    },
  };
}

const below = (path: string, folder: string) => folder.endsWith('/') && path.startsWith(folder);

const refused = (status: number, message: string) => jsonAnswer(status, { message });

const redirect = (location: string): HttpAnswer => ({
  status: 303,
  headers: { location, 'cache-control': 'no-store' },
  body: Buffer.alloc(0),
});

function cookieOf(cookies = ''): string | undefined {
  return new RegExp(`(?:^|; )${COOKIE}=([^;]*)`).exec(cookies)?.[1];
}

/** The path as the routes see it; what cannot be decoded reaches none. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function same(left: string, right: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(left), hash(right));
}
