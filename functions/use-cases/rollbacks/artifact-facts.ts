import type { ArtifactRollbackFacts } from '../../domain/artifact/rollback-impact.ts';
import { SYSTEM } from '../../domain/identity/principal.ts';
import { judgeAnew } from '../../domain/promotion/assess.ts';
import { slotText } from '../../domain/promotion/head.ts';
import type { ArtifactAsked } from '../../domain/promotion/state.ts';
import { isRefusal } from '../../domain/refusal.ts';
import type { Slot } from '../../domain/subject.ts';
import type { Deps } from '../deps.ts';
import { readFacts } from '../engine/facts.ts';
import { everyItem } from '../every-item.ts';
import type { KindDeps, Planned } from '../kinds/kind.ts';

/** Executions that are looked at to say how long the next one takes. */
const MEASURED = 20;

/** What a planned rollback of an artifact comes to, all of it read. */
export async function factsOfArtifactRollback(
  deps: KindDeps & Pick<Deps, 'clock'>,
  tenant: string,
  request: ArtifactAsked,
  { slot, target, undoes, plan }: Planned,
): Promise<ArtifactRollbackFacts> {
  const { artifact, version } = request;
  const active = plan.change_set.find(({ key }) => key === 'version')?.from;
  const [all, gates, durations] = await Promise.all([
    deps.catalog.all(tenant, 'consumer'),
    gatesOfToday(deps, tenant, request, target.name),
    durationsOf(deps, tenant, slot),
  ]);
  // The grammar of constraints is a library that nothing else here needs.
  const { brokenBy } = await import('../../domain/artifact/consumer.ts');
  const own = all.filter((one) => one.artifact === artifact && one.environment === target.name);
  const broken = new Set(brokenBy(own, { artifact, environment: target.name, version }).map(({ id }) => id));
  return {
    ...(active == null ? {} : { from: active.replace(/^v/, '') }),
    to: version,
    consumers: own.map(({ id, name, constraint }) => ({ id, name, constraint, satisfied: !broken.has(id) })),
    gates,
    undone: undoes?.promotions.map(({ id }) => id) ?? [],
    edits: undoes?.edits ?? 0,
    durations,
  };
}

/** What the environment's gates would say now of the version, were it promoted there and not gone back to. */
async function gatesOfToday(
  deps: KindDeps & Pick<Deps, 'clock'>,
  tenant: string,
  request: ArtifactAsked,
  environment: string,
): Promise<ArtifactRollbackFacts['gates']> {
  const now = deps.clock.now();
  const type = 'promotion';
  const asked = {
    tenant,
    type,
    request,
    target_environment: environment,
    source_environment: environment,
    now,
  } as const;
  const read = await readFacts(deps, asked);
  if (isRefusal(read)) return [];
  const { planned, facts } = read;
  const { decision } = judgeAnew(
    {
      id: 'rollback-impact',
      type,
      subject: planned.subject,
      target_environment: environment,
      target_slot: slotText(planned.slot),
      execution: 'manual',
    },
    [],
    facts,
    { now, actor: SYSTEM },
  );
  return decision.gates;
}

/** Seconds that the newest executions of an artifact took in an environment. */
async function durationsOf(
  deps: Pick<Deps, 'heads' | 'promotions'>,
  tenant: string,
  slot: Slot,
): Promise<readonly number[]> {
  const ids = new Set<string>();
  for await (const { cause } of everyItem((page) => deps.heads.revisions(tenant, slot, page))) {
    if (cause.by === 'execute') ids.add(cause.promotion_id);
    if (ids.size === MEASURED) break;
  }
  const stored = await Promise.all([...ids].map((id) => deps.promotions.read(tenant, id)));
  return stored.flatMap((one) => {
    const state = one?.state;
    if (state?.status !== 'completed' && state?.status !== 'rolled_back') return [];
    return [(Date.parse(state.completed_at) - Date.parse(state.started_at)) / 1000];
  });
}
