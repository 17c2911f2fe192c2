import { EMPTY_ROOT } from '../../../domain/config-tree/empty.ts';
import { isSurelyRetained } from '../../../domain/config-tree/retention.ts';
import type { ConfigAsked, InStatus } from '../../../domain/promotion/state.ts';
import type { Refusal } from '../../../domain/refusal.ts';
import { revisionsSince } from '../../config/revisions-since.ts';
import type { KindDeps, TakingBack } from '../kind.ts';
import { notKept } from './undone.ts';

/** The request that takes a completed config promotion back. Refuses `nothing_to_promote` where what was before it is no longer kept. */
export async function backOf(
  deps: Pick<KindDeps, 'heads'>,
  { id, tenant, target_environment }: InStatus<'completed'>,
  { mode, notes }: TakingBack,
  now: string,
): Promise<ConfigAsked | Refusal> {
  const since = await revisionsSince(deps, tenant, target_environment, id);
  const from = since?.revision.digest;
  if (since === undefined || from == null) return notKept();
  const { revision, later } = since;
  const age = Date.parse(now) - Date.parse(revision.at);
  if (!isSurelyRetained({ newer: later.length, age })) return notKept();
  return {
    kind: 'config',
    selects: 'FULL',
    config_ids: [],
    flag_ids: [],
    key_patterns: [],
    prune: true,
    ...(notes === undefined ? {} : { notes }),
    rollback: {
      promotion_id: id,
      mode,
      from,
      to: revision.previous ?? EMPTY_ROOT,
      revision: revision.number - 1,
    },
  };
}
