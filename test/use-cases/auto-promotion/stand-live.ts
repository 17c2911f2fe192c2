import { emptyHead, swap } from '../../../functions/domain/promotion/head.ts';
import { isRefusal } from '../../../functions/domain/refusal.ts';
import type { Write } from '../../../functions/ports/transaction.ts';
import { recordDeployment } from '../../../functions/use-cases/deployments/record.ts';
import { CI, type World } from '../deployments/world.ts';

const ACTOR = { subject: CI.subject, email: '', kind: 'machine' } as const;

/** So many counted deployments of agents, live in development, for a rule that wants them to be live for a day. */
export async function standLive(world: World, total: number): Promise<void> {
  await world.gateway('gw-stg', 'staging');
  await world.rule('rule-1', 'development', 'staging', {
    conditions: { field: 'deployment.duration_hours', op: 'gte', value: 24 },
  });
  const subject = { kind: 'agent', name: 'template' } as const;
  const place = { environment: 'development', gateway_id: 'gw-dev', status: 'DEPLOYED' } as const;
  const report = { id: 'dep-template', subject, ...place, details: {} };
  const recorded = await recordDeployment(world.deps, { principal: CI, report });
  if (isRefusal(recorded)) throw new Error(recorded.detail);
  for (let from = 0; from < total; from += 20) {
    const many = Array.from({ length: Math.min(20, total - from) }, (_, n) => live(from + n));
    await world.commit(...many.flat(), { write: 'raise_guard', environment: 'development' });
  }

  function live(n: number): readonly Write[] {
    if (isRefusal(recorded)) throw new Error(recorded.detail);
    const own = { kind: 'agent', name: `agent-${n}` } as const;
    const counted = { status: 'DEPLOYED', live: true, recoveries: [] } as const;
    const deployment = { ...recorded.deployment, id: `dep-${n}`, subject: own, counted, version: 1 };
    const { head } = swap(
      emptyHead({ subject: own, environment: 'development', gateway: 'gw-dev' }, world.now),
      {
        digest: deployment.digest,
        deployment_id: deployment.id,
        cause: { by: 'record', deployment_id: deployment.id },
        actor: ACTOR,
        now: world.now,
      },
    );
    return [
      { write: 'deployment', deployment, expected: 0 },
      { write: 'head', head, expected: 0 },
    ];
  }
}
