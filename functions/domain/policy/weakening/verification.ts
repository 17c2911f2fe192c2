import type { ArtifactSettings } from '../../artifact/settings.ts';
import { DEFAULT_SETTINGS } from '../../artifact/settings.ts';
import type { Environment } from '../../catalog/environment.ts';
import type { Weakening } from './weakening.ts';

type Settings = Pick<ArtifactSettings, 'verification'>;

/** What a change of the settings of artifacts weakens, absent being the default: copies into any environment that need no signatures any more. */
export function weakenedVerification(
  { verification: before }: Settings = DEFAULT_SETTINGS,
  { verification: after }: Settings = DEFAULT_SETTINGS,
  environments: readonly Pick<Environment, 'name'>[],
): readonly Weakening[] {
  if (before !== 'signature_match' || after === 'signature_match') return [];
  return environments.map(({ name }) => ({ environment: name, what: 'verification', kinds: ['artifact'] }));
}
