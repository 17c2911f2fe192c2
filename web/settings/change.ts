import * as z from 'zod/mini';
import { PendingChangeView } from '../../functions/contract/pending-change-view.ts';
import { askFor, type Input } from '../api/client.ts';
import type { Outcome } from '../api/problem.ts';

/** What came of a change: it took effect, or it waits for a second admin until then. `says`: how things stand after it. */
export type Changed = { readonly waits_until: string | undefined; readonly says?: string };

/** The version that a change is about, and why it is made. */
type About = { readonly version: number; readonly reason: string };

/** Makes one item. */
export const create = <V>(
  view: z.ZodMiniType<V>,
  path: string,
  { fields, reason }: { readonly fields: object; readonly reason: string },
): Promise<Outcome<Changed>> =>
  send(view, 'POST', path, { body: withReason(fields, reason), once: crypto.randomUUID() });

/** Changes part of one item, only if nobody else changed it since it was read. */
export const change = <V>(
  view: z.ZodMiniType<V>,
  path: string,
  { version, fields, reason }: About & { readonly fields: object },
): Promise<Outcome<Changed>> =>
  send(view, 'PATCH', path, { body: withReason(fields, reason), ifMatch: `"${version}"` });

/** Takes one item away, only if nobody else changed it since it was read. */
export const remove = (path: string, { version, reason }: About): Promise<Outcome<Changed>> =>
  send(z.undefined(), 'DELETE', path, {
    query: { reason: reason === '' ? undefined : reason },
    ifMatch: `"${version}"`,
  });

const withReason = (fields: object, reason: string): object =>
  reason === '' ? fields : { ...fields, reason };

async function send<V>(
  view: z.ZodMiniType<V>,
  method: string,
  path: string,
  input: Input<'', unknown>,
): Promise<Outcome<Changed>> {
  const made = await askFor(z.union([PendingChangeView, view]), method, path, input);
  if (!made.ok) return made;
  const waiting = z.safeParse(PendingChangeView, made.value);
  return { ok: true, value: { waits_until: waiting.success ? waiting.data.expires_at : undefined } };
}
