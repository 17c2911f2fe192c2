import type { Deployment } from '../../../functions/domain/deployment/deployment.ts';
import { SYSTEM } from '../../../functions/domain/identity/principal.ts';
import { contentOf } from '../../support/promotion-facts.ts';

/** A deployment of an agent to production on 21 November, which serves since 10:05, altered. */
export function deployment(changes: Partial<Deployment> = {}): Deployment {
  return {
    id: 'dep-2',
    subject: { kind: 'agent', name: 'agent-123' },
    digest: contentOf('promoted'),
    environment: 'production',
    status: 'DEPLOYED',
    deployed_at: '2026-11-21T10:00:00.000Z',
    completed_at: '2026-11-21T10:05:00.000Z',
    live_at: '2026-11-21T10:05:00.000Z',
    recorded: false,
    recorded_by: SYSTEM,
    metrics: {},
    details: {},
    created_at: '2026-11-21T09:59:00.000Z',
    version: 1,
    ...changes,
  };
}

/** A deployment that never served. */
export function withoutLife(changes: Partial<Deployment> = {}): Deployment {
  const { live_at: _, ...dead } = deployment(changes);
  return dead;
}
