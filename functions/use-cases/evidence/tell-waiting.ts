import type { Digest } from '../../domain/digest.ts';
import { Fault } from '../../domain/faults.ts';
import type { Evidence } from '../../domain/gates/evidence.ts';
import { judgesEvidence } from '../../domain/gates/judge-gate.ts';
import { SYSTEM } from '../../domain/identity/principal.ts';
import { isClosed } from '../../domain/promotion/lifetime.ts';
import type { PromotionState } from '../../domain/promotion/state.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import type { WatchListRef } from '../../ports/evidence-store.ts';
import type { Deps } from '../deps.ts';
import { readFactsOf, watching } from '../engine/facts.ts';
import { type Change, type CommandDeps, runCommand, step } from '../engine/run-command.ts';
import { verified } from '../engine/verify.ts';

export type TellDeps = CommandDeps & Pick<Deps, 'evidence'>;

/** A report that has just been stored, and a promotion that it was brought to by name. */
export type News = { readonly digest: Digest; readonly evidence: Evidence; readonly attach_to?: string };

/**
 * Tells every promotion on a watch list: with news, that this report is attached; without (a sweep), to judge again, and those that reports
 * were brought to verify, to decide that. Closed ones leave
 * the watch list. Doing it twice is doing it once. A promotion that cannot be told stops no other. With news it never throws a fault: what is not told now stays as work for the sweep.
 */
export async function tellWaiting(deps: TellDeps, ref: WatchListRef, news?: News): Promise<void> {
  try {
    const { tenant, subject } = ref;
    const { version, waiting } = await deps.evidence.watchList(tenant, subject);
    const named = news === undefined ? await verifying(deps, ref) : (news.attach_to ?? []);
    const closed: string[] = [];
    const faults: unknown[] = [];
    for (const id of new Set([named, waiting].flat())) {
      const by = named.includes(id);
      try {
        const state = await runCommand(deps, { tenant, id }, 'caller', (stored, now) =>
          told(deps, stored.state, { subject, by, ...(news === undefined ? {} : { news }) }, now),
        );
        const gone = isRefusal(state) ? state.refused === 'not_found' : isClosed(state);
        if (gone && waiting.includes(id)) closed.push(id);
      } catch (error) {
        faults.push(error);
      }
    }
    const [first, ...rest] = closed;
    if (first !== undefined) {
      const promotion_ids: [string, ...string[]] = [first, ...rest];
      await deps.transactions.commit(tenant, [{ write: 'unwatch', subject_digest: subject, promotion_ids }]);
    }
    if (faults.length > 0) throw faults[0];
    await deps.evidence.clearWork(ref, version);
  } catch (error) {
    if (news === undefined || !(error instanceof Fault)) throw error;
  }
}

/** The promotions whose verification some report was brought to; those that are decided make nothing of it. */
async function verifying(deps: TellDeps, { tenant, subject }: WatchListRef): Promise<readonly string[]> {
  const reports = await deps.evidence.about(tenant, subject);
  return reports.flatMap(({ promotion_id }) => promotion_id ?? []);
}

/** What one promotion makes of it; `by`: it was brought to this very promotion, whatever its gates. */
async function told(
  deps: TellDeps,
  state: PromotionState,
  { subject, by, news }: { readonly subject: Digest; readonly by: boolean; readonly news?: News },
  now: string,
): Promise<Change | Refusal | undefined> {
  if (by && state.status === 'completed') return await verified(deps, state, now);
  if (isClosed(state) || state.status === 'executing') return undefined;
  const { manifest, requirements } = state.seal;
  if (manifest.source.digest !== subject) return undefined;
  const asks = requirements.gates.some(
    (gate) =>
      gate.name === news?.evidence.gate &&
      judgesEvidence(gate, { kind: manifest.subject.kind, type: manifest.type }),
  );
  if (news !== undefined && (!(asks || by) || (await isAttached(deps, state, news.digest)))) return undefined;
  const read = await readFactsOf(deps, state, now);
  // What cannot be planned any more is said to whoever executes it.
  if (isRefusal(read)) return undefined;
  const { facts } = read;
  const change =
    news === undefined
      ? step(state, { type: 'assess', facts }, { now, actor: SYSTEM })
      : step(
          state,
          { type: 'attach_evidence', gate: news.evidence.gate, evidence: news.digest, facts },
          { now, actor: news.evidence.producer },
        );
  return change === undefined || isRefusal(change) ? change : { ...change, writes: watching(read, state.id) };
}

async function isAttached(deps: TellDeps, { tenant, id }: PromotionState, digest: Digest): Promise<boolean> {
  const events = await deps.promotions.events(tenant, id);
  return events.some(({ event }) => event.type === 'EvidenceAttached' && event.evidence === digest);
}
