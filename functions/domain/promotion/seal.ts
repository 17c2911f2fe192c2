import { digest } from '../digest.ts';
import type { PromotionType } from '../promotion-type.ts';
import type { Subject } from '../subject.ts';
import type { AssessmentFacts } from './commands.ts';
import type { Execution, Manifest } from './manifest.ts';
import type { Seal } from './state.ts';

/** What of a promotion never changes and is part of its manifest. */
export type Sealable = {
  readonly type: PromotionType;
  readonly subject: Subject;
  readonly target_environment: string;
  readonly target_slot: string;
  readonly execution: Execution;
};

/**
 * Seals a promotion: the manifest people approve, its digest, and the plan and requirements it was made of. The plan's base is no part
 * of the manifest: an equal change set on a newer base is the same manifest.
 */
export function seal(promotion: Sealable, facts: Pick<AssessmentFacts, 'plan' | 'requirements'>): Seal {
  const { plan, requirements } = facts;
  const manifest: Manifest = {
    subject: promotion.subject,
    type: promotion.type,
    source: { environment: plan.source.environment, digest: plan.source.digest },
    target: { environment: promotion.target_environment, slot: promotion.target_slot },
    change_set_digest: plan.change_set_digest,
    policy_digest: requirements.policy_digest,
    options: { execution: promotion.execution },
  };
  return { manifest, manifest_digest: digest('sluice/manifest/v1', manifest), plan, requirements };
}

/** Why one seal is not another, most telling first: what people should look at. `undefined` when they are the same. */
export function differenceOf(before: Seal, after: Seal): string | undefined {
  if (before.manifest_digest === after.manifest_digest) return undefined;
  if (before.manifest.source.digest !== after.manifest.source.digest) return 'source_changed';
  if (before.manifest.change_set_digest !== after.manifest.change_set_digest) {
    return before.plan.base.digest === after.plan.base.digest ? 'change_set_changed' : 'target_moved';
  }
  return before.manifest.policy_digest === after.manifest.policy_digest
    ? 'manifest_changed'
    : 'policy_changed';
}
