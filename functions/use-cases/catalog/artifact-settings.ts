import {
  ARTIFACT_SETTINGS,
  type ArtifactSettings,
  DEFAULT_SETTINGS,
} from '../../domain/artifact/settings.ts';
import { weakenedVerification } from '../../domain/policy/weakening/verification.ts';
import { type Description, inCatalog } from './description.ts';

/** What is said of all artifacts; what is absent takes its default. */
export type ArtifactSettingsFields = Partial<
  Pick<ArtifactSettings, 'cross_registry_sync' | 'verification' | 'retention'>
>;

/** The settings of all artifacts of a tenant: one item. */
export const artifactSettings: Description<ArtifactSettings, ArtifactSettingsFields> = {
  type: 'artifact_settings',
  words: 'settings of artifacts',
  actions: { read: 'read', write: 'manage_catalog' },
  limit: 1,
  storage: inCatalog('artifact_settings', (item) => ({ type: 'artifact_settings', item })),
  named: () => ARTIFACT_SETTINGS,
  idOf: ({ id }) => id,
  scope: () => [],
  asked: () => [],
  make: ({ fields: { retention, ...said }, stamp }) => ({
    id: ARTIFACT_SETTINGS,
    ...DEFAULT_SETTINGS,
    ...said,
    ...(retention === undefined ? {} : { retention }),
    ...stamp,
  }),
  beside: () => [],
  weakens: async (_, __, { environments, before, after }) =>
    weakenedVerification(before, after, environments),
  recorded: (settings) => settings,
};
