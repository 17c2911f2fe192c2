import * as z from 'zod/mini';
import { PendingChangeView } from '../../functions/contract/pending-change-view.ts';
import { askFor } from '../api/client.ts';
import type { Outcome } from '../api/problem.ts';

/** What came of a change of what governs: it took effect, or it waits for a second admin until then. */
export type Changed = { readonly waits_until: string | undefined };

/** Changes part of one item, only if nobody else changed it since it was read. */
export async function change<V>(
  view: z.ZodMiniType<V>,
  path: string,
  { version, fields, reason }: { readonly version: number; readonly fields: object; readonly reason: string },
): Promise<Outcome<Changed>> {
  const body = reason === '' ? fields : { ...fields, reason };
  const made = await askFor(z.union([PendingChangeView, view]), 'PATCH', path, {
    body,
    ifMatch: `"${version}"`,
  });
  if (!made.ok) return made;
  const waiting = z.safeParse(PendingChangeView, made.value);
  return { ok: true, value: { waits_until: waiting.success ? waiting.data.expires_at : undefined } };
}
