import { EMPTY_ROOT } from '../../../domain/config-tree/empty.ts';
import { isSurelyRetained } from '../../../domain/config-tree/retention.ts';
import type { ConfigAsked, ConfigRollback } from '../../../domain/promotion/state.ts';
import { isRefusal, type Refusal } from '../../../domain/refusal.ts';
import type { Revision } from '../../../domain/subject.ts';
import { MOST_REVISIONS, revisionsSince } from '../../config/revisions-since.ts';
import { slotIn } from '../../config/slot.ts';
import { numbered, revisionsOf, takenBackBy } from '../gone-back-to.ts';
import type { KindDeps, TakenBack, TakingBack } from '../kind.ts';
import { notKept } from './undone.ts';

/**
 * The request that takes configuration back. Refuses `nothing_to_promote` where what was before a promotion is no longer kept, and
 * `source_not_deployed` naming the revisions that are.
 */
export async function backOf(
  deps: Pick<KindDeps, 'heads'>,
  taken: TakenBack,
  { mode, notes, to_revision }: TakingBack,
  now: string,
): Promise<ConfigAsked | Refusal> {
  const found =
    to_revision === undefined
      ? await beforeIt(deps, taken, now)
      : await atRevision(deps, taken, to_revision, now);
  if (isRefusal(found)) return found;
  return {
    kind: 'config',
    selects: 'FULL',
    config_ids: [],
    flag_ids: [],
    key_patterns: [],
    prune: true,
    ...(notes === undefined ? {} : { notes }),
    rollback: { ...found, mode },
  };
}

type Roots = Omit<ConfigRollback, 'mode'>;

/** From what a promotion made to what it found. */
async function beforeIt(
  deps: Pick<KindDeps, 'heads'>,
  { id, tenant, target_environment }: TakenBack,
  now: string,
): Promise<Roots | Refusal> {
  const since = await revisionsSince(deps, tenant, target_environment, id);
  const from = since?.revision.digest;
  if (since === undefined || from == null) return notKept();
  const { revision, later } = since;
  if (!isKept(revision, later.length, now)) return notKept();
  return { promotion_id: id, from, to: revision.previous ?? EMPTY_ROOT, revision: revision.number - 1 };
}

/** From what is active to what was at a revision. */
async function atRevision(
  deps: Pick<KindDeps, 'heads'>,
  taken: TakenBack,
  number: number,
  now: string,
): Promise<Roots | Refusal> {
  const { tenant, target_environment } = taken;
  const all = await revisionsOf(deps, tenant, slotIn(target_environment), MOST_REVISIONS);
  const past = all
    .filter((revision, newer) => newer === 0 || isKept(revision, newer, now))
    .map((revision) => ({ revision }));
  const found = numbered(past, number, target_environment);
  if ('refused' in found) return found;
  const { revision } = found;
  return {
    ...takenBackBy(past, taken, revision),
    from: all[0]?.digest ?? EMPTY_ROOT,
    to: revision.digest ?? EMPTY_ROOT,
    revision: revision.number,
  };
}

const isKept = ({ at }: Revision, newer: number, now: string): boolean =>
  isSurelyRetained({ newer, age: Date.parse(now) - Date.parse(at) });
