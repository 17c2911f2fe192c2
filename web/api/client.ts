import { signal } from '@preact/signals';
import * as z from 'zod/mini';
import { atPage, getPageSession } from '../../functions/contract/dashboard.ts';
import type { Endpoint, PathParameter } from '../../functions/contract/endpoint.ts';
import { isPassing, OUTDATED, type Outcome, problemIn, UNREACHED } from './problem.ts';

// Zod would otherwise compile its checks, which the policy of the page forbids.
z.config({ jitless: true });

/** Who is signed in here: `undefined` until it is known, `null` for nobody. */
export const session = signal<Session | null | undefined>(undefined);
export type Session = z.infer<NonNullable<typeof getPageSession.response>>;

/** What goes with a request: the parameters of its path, its query and its body. */
export type Input<P extends string, B> = ([PathParameter<P>] extends [never]
  ? { readonly at?: undefined }
  : { readonly at: { readonly [N in PathParameter<P>]: string } }) & {
  readonly query?: { readonly [name: string]: string | number | boolean | undefined };
  readonly body?: B;
  /** Names the request: sent twice, it is done once. */
  readonly once?: string;
  /** The version that a change is about: what another person made since is not overwritten. */
  readonly ifMatch?: string | undefined;
  readonly signal?: AbortSignal;
};

/** Asks one operation of the API, as the person who is signed in here. Never throws, but when the request is given up. */
export async function ask<P extends string, B, Q, R>(
  { method, path, response }: Endpoint<P, B, Q, R>,
  input: Input<P, B>,
): Promise<Outcome<R>> {
  return send(response, method, atPage(pathOf(path, input.at ?? {})), input);
}

/** The same for an operation whose answer is described apart, as those of nouns are. */
export async function askFor<R>(
  response: z.ZodMiniType<R>,
  method: string,
  path: string,
  input: Input<'', unknown> = {},
): Promise<Outcome<R>> {
  return send(response, method, atPage(path), input);
}

/** Milliseconds until a request is made again that was not served because the server was busy. */
export const PAUSE = 3_000;

/** Finds out who is signed in here, asking until the server says so: that it is busy does not mean nobody. */
export async function readSession(): Promise<void> {
  const found = await send(getPageSession.response, 'GET', getPageSession.path, {});
  if (found.ok) session.value = found.value;
  else if (isPassing(found.problem)) setTimeout(readSession, PAUSE);
  else session.value = null;
}

type Sent = Omit<Input<'', unknown>, 'at'>;

async function send<R>(
  response: z.ZodMiniType<R> | undefined,
  method: string,
  path: string,
  { query = {}, body, once, ifMatch, signal: given }: Sent,
): Promise<Outcome<R>> {
  const asked = new URLSearchParams(
    Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  ).toString();
  const headers = {
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    ...(method === 'GET' ? {} : { 'x-csrf-token': session.value?.csrf ?? '' }),
    ...(once === undefined ? {} : { 'idempotency-key': once }),
    ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
  };
  let answer: Response;
  try {
    answer = await fetch(asked === '' ? path : `${path}?${asked}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(given === undefined ? {} : { signal: given }),
    });
  } catch (error) {
    if (given?.aborted) throw error;
    return { ok: false, problem: UNREACHED };
  }
  const text = await answer.text();
  const json = parsed(text);
  if (answer.status === 401) session.value = null;
  if (!answer.ok) return { ok: false, problem: problemIn(answer.status, json) };
  if (response === undefined) throw new Error(`${method} ${path} does not say what it answers`);
  const read = z.safeParse(response, json);
  if (!read.success) return { ok: false, problem: OUTDATED };
  const etag = answer.headers.get('etag');
  return { ok: true, value: read.data, ...(etag === null ? {} : { etag }) };
}

function parsed(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A path with its parameters in their places; those that go to the end may hold slashes. */
function pathOf(path: string, at: { readonly [name: string]: string }): string {
  return path.replace(/\{(\w+)(\+?)\}/g, (_, name: string, rest: string) => {
    const value = at[name] ?? '';
    return rest === '' ? encodeURIComponent(value) : value.split('/').map(encodeURIComponent).join('/');
  });
}
