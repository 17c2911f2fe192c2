import type { ConditionFacts } from '../domain/conditions/condition.ts';
import type { Digest } from '../domain/digest.ts';
import type { GateProvider, GateSetting } from '../domain/gates/gate.ts';
import type { ProviderStatus } from '../domain/gates/provider.ts';
import type { Manifest } from '../domain/promotion/manifest.ts';

/** What a provider is asked. `key` names the question: asked again after a crash, it is the same question. */
export type ProviderQuestion = {
  readonly tenant: string;
  readonly provider: GateProvider;
  /** Whose certificates count, where the registry is asked. */
  readonly signers?: GateSetting['signers'];
  readonly key: string;
  readonly asked_at: string;
  readonly timeout_ms: number;
  readonly promotion_id: string;
  readonly gate: string;
  readonly manifest: Manifest;
  readonly manifest_digest: Digest;
};

/** What it said; `text` is its answer to the letter. No answer, and one that is none, is an ERROR without a text that says why. */
export type ProviderReply = {
  readonly status: ProviderStatus;
  readonly reason_code: string;
  readonly facts: ConditionFacts;
  readonly text?: string;
};

/** Asks gate providers. Never throws for what a provider does; throws `Unavailable` and `Throttled` for the secret store. */
export interface GateProviders {
  ask(question: ProviderQuestion): Promise<ProviderReply>;
}
