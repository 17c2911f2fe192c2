import { findEnvironment, sourceBefore } from '../../domain/catalog/pipeline.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';
import type { Deps } from '../deps.ts';
import { everyItem } from '../every-item.ts';

/** The one artifact that is active where a promotion would take it from, for callers who name none. Refuses `invalid_request`. */
export async function onlyArtifact(
  deps: Pick<Deps, 'catalog' | 'heads'>,
  tenant: string,
  asked: { readonly target_environment: string; readonly source_environment?: string | undefined },
): Promise<{ readonly artifact: string } | Refusal> {
  const environments = await deps.catalog.all(tenant, 'environment');
  const source =
    asked.source_environment === undefined
      ? sourceBefore(environments, asked.target_environment)
      : findEnvironment(environments, asked.source_environment);
  const names: string[] = [];
  if (source !== undefined) {
    for await (const { slot, digest } of everyItem((page) =>
      deps.heads.inEnvironment(tenant, source.name, page),
    )) {
      if (slot.subject.kind === 'artifact' && digest !== null) names.push(slot.subject.name);
    }
  }
  const [artifact] = names;
  if (artifact !== undefined && names.length === 1) return { artifact };
  const problem =
    names.length === 0
      ? `is required: none is active in ${source?.name ?? 'the environment before'} yet, so publish or promote one first`
      : `is required: there are ${names.sort().join(', ')}`;
  return refuse('invalid_request', `artifact ${problem}`, { errors: [{ field: 'artifact', problem }] });
}
