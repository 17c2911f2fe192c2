import * as z from 'zod/mini';
import { EXIT } from '../exit.ts';
import { Failure } from '../failure.ts';
import { jsonOf } from '../json.ts';
import { type Auth, readContexts, writeContexts } from '../login/contexts.ts';
import type { Target } from '../login/settings.ts';
import type { Terminal } from '../terminal.ts';
import type { Signer } from './client.ts';

/** What proves who calls: a token, the token of a demo person, a renewed one, or a signature of AWS. */
export function signerOf(terminal: Terminal, { url, auth, context }: Target): Signer {
  if (auth === undefined) return async () => ({});
  switch (auth.type) {
    case 'token':
      return async () => bearer(auth.access_token);
    case 'local': {
      let token: Promise<string> | undefined;
      return async () => {
        token ??= localToken(terminal, url, auth.email);
        return bearer(await token);
      };
    }
    case 'oidc': {
      let token: Promise<string> | undefined;
      return async () => {
        token ??= keptToken(terminal, auth, context);
        return bearer(await token);
      };
    }
    case 'aws': {
      let signer: Promise<Signer> | undefined;
      return async (request) => {
        signer ??= import('./aws.ts').then(({ awsSigner }) => awsSigner(auth.region, auth.profile));
        return (await signer)(request);
      };
    }
    default:
      return auth satisfies never;
  }
}

/** A token that is good, renewed and kept where the one of the context is not. */
async function keptToken(
  terminal: Terminal,
  auth: Extract<Auth, { type: 'oidc' }>,
  context: string | undefined,
): Promise<string> {
  const { renewed } = await import('../login/oidc.ts');
  const fresh = await renewed(terminal, auth);
  if (fresh !== auth && context !== undefined) {
    const { contexts, ...rest } = await readContexts(terminal);
    const before = contexts[context];
    const kept = before === undefined ? contexts : { ...contexts, [context]: { ...before, auth: fresh } };
    await writeContexts(terminal, { ...rest, contexts: kept });
  }
  return fresh.access_token;
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const Minted = z.object({ access_token: z.string() });

/** A token of one of the demo people, from the runtime on this machine. */
export async function localToken(terminal: Terminal, url: string, email: string): Promise<string> {
  const answer = await terminal
    .send(new URL(`${url}/_local/token`), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email }),
      signal: AbortSignal.any([terminal.interrupted, AbortSignal.timeout(30_000)]),
    })
    .catch((error: unknown) => {
      throw new Failure('unavailable', EXIT.unavailable, `${url} does not answer`, {
        hint: 'Start it with `npm start`.',
        error: { cause: String(error) },
      });
    });
  const minted = z.safeParse(Minted, answer.ok ? jsonOf(await answer.text()) : undefined);
  if (minted.success) return minted.data.access_token;
  throw new Failure('not_authorized', EXIT.not_authorized, `${url} knows nobody with the address ${email}`, {
    hint: 'A server that runs on this machine prints its people when it starts.',
  });
}
