import {
  ARTIFACT_SETTINGS,
  type ArtifactSettings,
  type ArtifactSettingsFields,
  artifactSettings as noun,
} from '../../domain/artifact/settings.ts';
import { artifactSettingsAuthority } from '../../domain/authority/places.ts';
import { type Description, inCatalog } from './description.ts';

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
  make: ({ fields, stamp }) => ({ ...fields, id: ARTIFACT_SETTINGS, ...stamp }),
  beside: () => [],
  authority: artifactSettingsAuthority,
  recorded: noun.recorded,
};
