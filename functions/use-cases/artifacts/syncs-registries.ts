import { ARTIFACT_SETTINGS, DEFAULT_SETTINGS } from '../../domain/artifact/settings.ts';
import type { Deps } from '../deps.ts';

/** Whether a promotion of an artifact goes to every registry where it does not say. */
export async function syncsRegistries(deps: Pick<Deps, 'catalog'>, tenant: string): Promise<boolean> {
  const settings = await deps.catalog.item(tenant, 'artifact_settings', ARTIFACT_SETTINGS);
  return (settings ?? DEFAULT_SETTINGS).cross_registry_sync;
}
