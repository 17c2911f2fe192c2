import type { Rule } from '../../../functions/domain/catalog/rule.ts';
import type { Condition } from '../../../functions/domain/conditions/condition.ts';
import type { Evidence } from '../../../functions/domain/gates/evidence.ts';
import type { Subject } from '../../../functions/domain/subject.ts';
import { autoPromote } from '../../../functions/use-cases/auto-promotion/promote.ts';
import { measureDeployment } from '../../../functions/use-cases/deployments/measure.ts';
import { recordDeployment } from '../../../functions/use-cases/deployments/record.ts';
import { reportDeployment } from '../../../functions/use-cases/deployments/report.ts';
import { rollUpDeployments } from '../../../functions/use-cases/deployments/roll-up.ts';
import { cancelPromotion } from '../../../functions/use-cases/promotions/cancel.ts';
import { rejectPromotion } from '../../../functions/use-cases/promotions/reject.ts';
import { contentOf } from '../../support/promotion-facts.ts';
import { memoryStores } from '../../support/replayed-stores.ts';
import { CI, createWorld, person, TENANT, type World } from '../deployments/world.ts';

export type Step =
  | { readonly step: 'record'; readonly agent: number; readonly content: number; readonly staging: boolean }
  | { readonly step: 'measure'; readonly nth: number; readonly pass_rate: number }
  | { readonly step: 'end'; readonly nth: number; readonly status: 'FAILED' | 'ROLLED_BACK' }
  | {
      readonly step: 'rule';
      readonly n: number;
      readonly conditions: Condition | null;
      readonly active: boolean;
    }
  | { readonly step: 'gateway'; readonly n: number; readonly active: boolean }
  | { readonly step: 'hold'; readonly agent: number; readonly held: boolean }
  | { readonly step: 'report'; readonly content: number; readonly passed: boolean }
  | { readonly step: 'close'; readonly nth: number; readonly how: 'cancel' | 'reject' }
  | { readonly step: 'count' }
  | { readonly step: 'wait'; readonly minutes: number };

const agentOf = (n: number): Subject => ({ kind: 'agent', name: `agent-${n}` });

/** One world, and what happened in it: both worlds of a case take the same steps, and no hint is ever delivered. */
export async function theatre() {
  const world = await createWorld((now) => memoryStores(now));
  await world.gateway('gw-0', 'staging');
  let recorded = 0;
  const deployment = (nth: number) => `dep-${recorded === 0 ? 0 : nth % recorded}`;
  const promotions = async () =>
    [...(await world.deps.promotions.list(TENANT, {}, { limit: 100 })).items].sort((a, b) =>
      sourceOf(a) < sourceOf(b) ? -1 : 1,
    );
  const take = async (taken: Step): Promise<void> => {
    const { deps } = world;
    switch (taken.step) {
      case 'record': {
        const environment = taken.staging ? 'staging' : 'development';
        await recordDeployment(deps, {
          principal: CI,
          report: {
            id: `dep-${recorded}`,
            subject: agentOf(taken.agent),
            digest: contentOf(`${taken.content}`),
            environment,
            gateway_id: taken.staging ? 'gw-0' : 'gw-dev',
            status: 'DEPLOYED',
            details: {},
          },
        });
        recorded += 1;
        return;
      }
      case 'measure': {
        const metrics = { tests: { pass_rate: taken.pass_rate } };
        await measureDeployment(deps, { principal: CI, id: deployment(taken.nth), metrics });
        return;
      }
      case 'end': {
        const report = { status: taken.status };
        await reportDeployment(deps, { principal: CI, id: deployment(taken.nth), report });
        return;
      }
      case 'rule': {
        const id = `rule-${taken.n}`;
        const stored = await deps.catalog.item(TENANT, 'rule', id);
        const more: Partial<Rule> = {
          conditions: taken.conditions,
          status: taken.active ? 'active' : 'inactive',
          version: (stored?.version ?? 0) + 1,
        };
        await world.rule(id, 'development', 'staging', more);
        return;
      }
      case 'gateway': {
        const id = `gw-${taken.n}`;
        const stored = await deps.catalog.item(TENANT, 'gateway', id);
        const item = {
          ...(stored ?? (await deps.catalog.item(TENANT, 'gateway', 'gw-0'))),
          id,
          environment: 'staging',
          driver: 'record' as const,
          created_at: world.now,
          updated_at: world.now,
          status: taken.active ? ('active' as const) : ('inactive' as const),
          version: (stored?.version ?? 0) + 1,
        };
        await world.commit({
          write: 'catalog',
          entry: { type: 'gateway', item },
          expected: stored?.version ?? 0,
        });
        return;
      }
      case 'hold':
        return world.commit({
          write: 'hold',
          subject: agentOf(taken.agent),
          target: 'staging',
          held: taken.held,
        });
      case 'report':
        return world.commit({ write: 'evidence', evidence: evidence(world, taken) });
      case 'close': {
        const all = await promotions();
        const { id } = all[taken.nth % Math.max(1, all.length)] ?? {};
        if (id === undefined) return;
        const acting = { principal: person('admin', 'admin'), id, reason: 'enough' };
        await (taken.how === 'cancel' ? cancelPromotion : rejectPromotion)(deps, acting);
        return;
      }
      case 'count':
        await rollUpDeployments(deps, { most: 1_000, milliseconds: 60_000 });
        return;
      case 'wait':
        world.advance(`PT${taken.minutes}M`);
        return;
      default:
        return taken satisfies never;
    }
  };
  return { world, take, promotions };
}

const evidence = (world: World, { content, passed }: Extract<Step, { step: 'report' }>): Evidence => ({
  gate: 'tests',
  format: 'junit',
  subject_digest: contentOf(`${content}`),
  produced_at: world.now,
  received_at: world.now,
  producer: { subject: 'ci', email: '', kind: 'machine' },
  result: { passed },
  document_digest: contentOf(`${world.now} ${content} ${passed}`),
});

export const sourceOf = (state: {
  readonly request: object;
  readonly requested_at: string;
  readonly rule_id?: string;
}) => `${state.requested_at} ${state.rule_id} ${JSON.stringify(state.request)}`;

/** As it was before anything was due: every live deployment of every source, by every rule. */
export async function evaluateAll({ deps }: World): Promise<void> {
  const heads = await deps.heads.inEnvironment(TENANT, 'development', { limit: 100 });
  for (const { deployment_id } of heads.items) {
    if (deployment_id !== undefined) await autoPromote(deps, { tenant: TENANT, deployment_id });
  }
}
