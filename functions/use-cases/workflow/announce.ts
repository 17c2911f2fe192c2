import { VERBS } from '../../domain/notification/verb.ts';
import type { StoredEvent } from '../../domain/promotion/events.ts';
import type { PromotionState } from '../../domain/promotion/state.ts';
import type { CloudEvent } from '../../ports/bus.ts';

/**
 * What the bus hears of events: each under its own type, and a completion also as the CDEvents service event that it is. Saying
 * them again says them under the same ids.
 */
export function announcements(state: PromotionState, events: readonly StoredEvent[]): readonly CloudEvent[] {
  return events.flatMap((stored) => {
    const own = about(state, stored);
    return stored.event.type === 'PromotionCompleted' ? [own, wentLive(state, own)] : [own];
  });
}

function about(state: PromotionState, { seq, at, event }: StoredEvent): CloudEvent {
  const { id, tenant, subject, source_environment, target_environment } = state;
  return {
    specversion: '1.0',
    id: `${id}-${seq}`,
    source: `/sluice/${tenant}`,
    type: `dev.cdeventsx.sluice-promotion.${VERBS[event.type]}.0.1.0`,
    subject: id,
    time: at,
    data: {
      tenant,
      promotion_id: id,
      seq,
      kind: subject.kind,
      name: subject.name,
      source_environment,
      target_environment,
    },
  };
}

/** A service came to an environment that had none, or replaced another there. */
function wentLive(state: PromotionState, own: CloudEvent): CloudEvent {
  const { subject, target_environment, seal, tenant } = state;
  const deployment_id = 'deployment_id' in state ? (state.deployment_id ?? '') : '';
  const verb = seal.plan.base.digest === null ? 'deployed' : 'upgraded';
  return {
    ...own,
    id: `${own.id}-live`,
    type: `dev.cdevents.service.${verb}.0.3.0`,
    subject: deployment_id,
    data: {
      tenant,
      deployment_id,
      environment: target_environment,
      kind: subject.kind,
      name: subject.name,
      digest: seal.plan.source.digest,
    },
  };
}
