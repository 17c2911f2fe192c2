import { digestOfBytes } from '../../domain/digest.ts';
import type { GateSetting } from '../../domain/gates/gate.ts';
import {
  type AskedAbout,
  DEFAULT_TIMEOUT,
  LONGEST_TIMEOUT,
  type ProviderAnswer,
  saidBy,
  waitsForProvider,
} from '../../domain/gates/provider.ts';
import { SYSTEM } from '../../domain/identity/principal.ts';
import { judgeAnew } from '../../domain/promotion/assess.ts';
import { nextStep } from '../../domain/promotion/next.ts';
import type { PromotionState, Seal } from '../../domain/promotion/state.ts';
import { isRefusal } from '../../domain/refusal.ts';
import type { GateProviders } from '../../ports/gate-providers.ts';
import { readFactsOf } from '../engine/facts.ts';
import type { CommandDeps } from '../engine/run-command.ts';

export type AskDeps = CommandDeps & { readonly providers: GateProviders };

/** `idle`: no gate waits for its provider. `unplannable`: there is nothing left that it could be asked about. */
export type Asking = 'asked' | 'idle' | 'unplannable';

/**
 * Asks the providers that a promotion waits for, all at once, each within its own time, and stores what they say. Run again, it asks
 * only those whose answer is not stored yet, under the same key. An answer about a manifest that has changed meanwhile is stored, and
 * counts for nothing. Throws `Unavailable` and `Throttled`; what was answered by then is kept.
 */
export async function askProviders(deps: AskDeps, state: PromotionState): Promise<Asking> {
  if (nextStep(state, false) !== 'assess' || !state.gates.some(waitsForProvider)) return 'idle';
  const now = deps.clock.now();
  const read = await readFactsOf(deps, state, now);
  if (isRefusal(read)) return 'unplannable';
  const { seal, decision } = judgeAnew(state, state.approvals, read.facts, { now, actor: SYSTEM });
  const waiting = decision.gates.filter(waitsForProvider).map(({ name }) => name);
  const gates = seal.requirements.gates.filter(({ name }) => waiting.includes(name));
  const asked = await Promise.allSettled(
    gates.map((gate) => askOne(deps, state, { seal, gate, answers: read.answers, now })),
  );
  for (const outcome of asked) if (outcome.status === 'rejected') throw outcome.reason;
  return gates.length === 0 ? 'idle' : 'asked';
}

async function askOne(
  deps: AskDeps,
  { tenant, id }: PromotionState,
  question: {
    readonly seal: Seal;
    readonly gate: GateSetting;
    readonly answers: readonly ProviderAnswer[];
    readonly now: string;
  },
): Promise<void> {
  const { seal, gate, answers, now } = question;
  if (gate.provider === undefined) return;
  const { manifest, manifest_digest } = seal;
  const asked_about: AskedAbout = { promotion_id: id, manifest_digest };
  const number = (answers.find(({ evidence }) => evidence.gate === gate.name)?.number ?? 0) + 1;
  const reply = await deps.providers.ask({
    tenant,
    provider: gate.provider,
    ...(gate.signers === undefined ? {} : { signers: gate.signers }),
    key: `${id}.${gate.name}.${number}`,
    asked_at: now,
    timeout_ms: Math.min(gate.timeout_seconds ?? DEFAULT_TIMEOUT, LONGEST_TIMEOUT) * 1_000,
    promotion_id: id,
    gate: gate.name,
    manifest,
    manifest_digest,
  });
  const { status, reason_code, facts, text } = reply;
  const evidence = saidBy(SYSTEM, {
    gate: gate.name,
    subject_digest: manifest.source.digest,
    at: deps.clock.now(),
    word: { ...asked_about, status, reason_code },
    facts,
    document_digest: digestOfBytes(text ?? ''),
  });
  // Lost: somebody else asked the same at the same time, and was first.
  await deps.transactions.commit(tenant, [
    {
      write: 'provider_answer',
      promotion_id: id,
      answer: { number, evidence },
      ...(text === undefined ? {} : { document: text }),
    },
  ]);
}
