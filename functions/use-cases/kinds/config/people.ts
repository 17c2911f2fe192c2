import type { SeparationOfDuties } from '../../../domain/catalog/approval-policy.ts';
import { Fault } from '../../../domain/faults.ts';
import type { SeparationFacts } from '../../../domain/promotion/commands.ts';
import { nodesOf } from '../../config/tree.ts';
import type { Asking, KindDeps } from '../kind.ts';
import { configAsked } from './asked.ts';
import { authorsOf } from './authors.ts';
import { changesOf } from './changes.ts';
import { scopeOf, selectedBy } from './selection.ts';

const NOBODY = { authors: [], previous_promoters: [], evidence_producers: [] } satisfies SeparationFacts;

/** Who wrote what is promoted, who promoted it on its way to the source, and who brought evidence about it. */
export async function peopleBehind(
  deps: KindDeps,
  tenant: string,
  asking: Asking,
  asked: SeparationOfDuties,
): Promise<SeparationFacts> {
  const [reports, behind] = await Promise.all([
    asked.evidence_producer ? deps.evidence.about(tenant, asking.seal.manifest.source.digest) : [],
    asked.author || asked.previous_promoter ? writers(deps, tenant, asking) : NOBODY,
  ]);
  if (behind === 'unreadable') return 'unreadable';
  return { ...behind, evidence_producers: reports.map(({ producer }) => producer) };
}

async function writers(
  deps: KindDeps,
  tenant: string,
  { request: any, seal }: Asking,
): Promise<SeparationFacts> {
  const { tree, source } = seal.plan;
  if (tree === undefined) throw new Fault('Corrupt', 'a config promotion has a change set');
  const request = configAsked(any);
  const { selection } = selectedBy(tenant, request);
  const scope = scopeOf(request, selection, tree.owned);
  const changes = await changesOf(nodesOf(deps, tenant), tree.origin, source.digest, scope);
  const found = await authorsOf(deps, tenant, seal, changes);
  if (found === undefined) return 'unreadable';
  return { ...NOBODY, authors: found.authors, previous_promoters: found.promoters };
}
