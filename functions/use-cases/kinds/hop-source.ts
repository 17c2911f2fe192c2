import { findEnvironment, sourceBefore } from '../../domain/catalog/pipeline.ts';
import type { PromotionKind } from './kind.ts';

/** The environment that is named, or the one before the target. */
export const hopSource: PromotionKind['sourceOf'] = async (deps, tenant, request) => {
  const environments = await deps.catalog.all(tenant, 'environment');
  const { source_environment, target_environment } = request;
  return source_environment === undefined
    ? sourceBefore(environments, target_environment)?.name
    : findEnvironment(environments, source_environment)?.name;
};
