import { TRAITS } from '../kind-traits.ts';
import type { StoredEvent } from '../promotion/events.ts';
import type { PromotionState } from '../promotion/state.ts';
import {
  type CloudEvent,
  cloudEvent,
  DEPLOYED,
  ENVIRONMENT_MODIFIED,
  ROLLED_BACK,
  type Saying,
  UPGRADED,
} from './cloud-event.ts';
import { type ServiceSubject, serviceContent, serviceName } from './service.ts';
import { VERBS } from './verb.ts';
import { nameOf, reasonOf } from './words.ts';

/**
 * An event of a promotion under its own type, `dev.cdeventsx.sluice-promotion.<verb>.0.1.0`. Nothing in it changes as the promotion goes
 * on: said again, it is the same to the byte.
 */
export function promotionEvent(state: PromotionState, stored: StoredEvent): CloudEvent {
  const { source_environment, target_environment, requester } = state;
  const verb = VERBS[stored.event.type];
  const reason = reasonOf(stored.event);
  return cloudEvent({
    ...commonOf(state, stored),
    type: `dev.cdeventsx.sluice-promotion.${verb}.0.1.0`,
    subject: state.id,
    content: {
      verb,
      subject: { ...state.subject },
      sourceEnvironment: { id: source_environment },
      targetEnvironment: { id: target_environment },
      requester: nameOf(requester),
      actor: nameOf(stored.actor),
      ...(reason === undefined ? {} : { reason }),
    },
  });
}

/**
 * What a completed promotion is to anybody who knows CDEvents: configuration modifies an environment, and everything else is a
 * service that came there, replaced another, or went back. `undefined` for every other event.
 */
export function liveEvent(state: PromotionState, stored: StoredEvent): CloudEvent | undefined {
  if (stored.event.type !== 'PromotionCompleted') return undefined;
  const { subject, target_environment, seal } = state;
  if (!TRAITS[subject.kind].deploys) {
    return cloudEvent({
      ...commonOf(state, stored),
      type: ENVIRONMENT_MODIFIED,
      subject: target_environment,
      content: { name: target_environment },
    });
  }
  const service: ServiceSubject = {
    ...subject,
    environment: target_environment,
    digest: seal.plan.source.digest,
  };
  return cloudEvent({
    ...commonOf(state, stored),
    type: serviceType(state),
    subject: serviceName(service),
    content: serviceContent(service),
  });
}

function serviceType({ type, seal }: PromotionState): string {
  if (type === 'rollback') return ROLLED_BACK;
  return seal.plan.base.digest === null ? DEPLOYED : UPGRADED;
}

function commonOf(state: PromotionState, stored: StoredEvent): Omit<Saying, 'type' | 'subject' | 'content'> {
  const { id, tenant, subject, source_environment, target_environment } = state;
  const deployment_id = deploymentOf(state, stored);
  return {
    tenant,
    id: `${id}-${stored.seq}`,
    at: stored.at,
    custom: {
      promotion_id: id,
      seq: stored.seq,
      verb: VERBS[stored.event.type],
      kind: subject.kind,
      name: subject.name,
      source_environment,
      environment: target_environment,
      ...(deployment_id === undefined ? {} : { deployment_id }),
    },
  };
}

/** The deployment that a completion is of. */
function deploymentOf(state: PromotionState, { event }: StoredEvent): string | undefined {
  return event.type === 'PromotionCompleted' && 'deployment_id' in state ? state.deployment_id : undefined;
}
