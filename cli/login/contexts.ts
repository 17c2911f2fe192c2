import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as z from 'zod/mini';
import { EXIT } from '../exit.ts';
import { Failure } from '../failure.ts';
import { jsonOf } from '../json.ts';
import type { Terminal } from '../terminal.ts';
import { contextsFile } from './contexts-file.ts';

/** How an invocation proves who it is. */
export const Auth = z.discriminatedUnion('type', [
  /** An access token, as it was given. */
  z.object({ type: z.literal('token'), access_token: z.string() }),
  /** One of the demo people of a local runtime, which hands out tokens itself. */
  z.object({ type: z.literal('local'), email: z.string() }),
  /** Tokens of an identity provider, with what renews them. */
  z.object({
    type: z.literal('oidc'),
    access_token: z.string(),
    /** Milliseconds since 1970. */
    expires_at: z.number(),
    refresh_token: z.optional(z.string()),
    token_endpoint: z.string(),
    client_id: z.string(),
  }),
  /** Signatures of AWS (SigV4), by whatever credentials the environment has. */
  z.object({ type: z.literal('aws'), region: z.string(), profile: z.optional(z.string()) }),
]);
export type Auth = z.infer<typeof Auth>;

const Context = z.object({ url: z.string(), tenant: z.optional(z.string()), auth: z.optional(Auth) });
export type Context = z.infer<typeof Context>;

const Contexts = z.object({ current: z.optional(z.string()), contexts: z.record(z.string(), Context) });
/** The contexts of a person: servers by name, with who they are there. */
export type Contexts = z.infer<typeof Contexts>;

/** Reads the contexts; none before the first login. */
export async function readContexts(terminal: Pick<Terminal, 'env' | 'home'>): Promise<Contexts> {
  const file = contextsFile(terminal);
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '{"contexts":{}}';
    throw unreadable(file, error.message);
  });
  const parsed = z.safeParse(Contexts, jsonOf(text));
  if (!parsed.success) throw unreadable(file, 'it is not a file of contexts');
  return parsed.data;
}

/** Writes the contexts whole, for their owner alone. */
export async function writeContexts(
  terminal: Pick<Terminal, 'env' | 'home'>,
  contexts: Contexts,
): Promise<void> {
  const file = contextsFile(terminal);
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const next = `${file}.${process.pid}`;
  await writeFile(next, `${JSON.stringify(contexts, null, 2)}\n`, { mode: 0o600 });
  await rename(next, file);
}

const unreadable = (file: string, why: string): Failure =>
  new Failure('contexts_unreadable', EXIT.usage, `cannot read ${file}: ${why}`, {
    hint: 'Delete the file and log in again.',
  });
