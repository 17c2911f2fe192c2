import {
  type ArtifactSettings,
  type ArtifactSettingsFields,
  artifactSettings,
  DEFAULT_SETTINGS,
} from '../../domain/artifact/settings.ts';
import type { Environment } from '../../domain/catalog/environment.ts';
import type { Channel } from '../../domain/notification/channel.ts';
import type { EnvironmentFields } from '../catalog/environment-fields.ts';

/** What a caller would say of each noun to leave it as it stands: a document changes a part of it. */

export function environmentFields({
  name,
  aliases,
  rank,
  protected: isProtected,
  tag_suffix,
  owned_keys,
  rollback,
  verification,
  artifact_repository,
}: Environment): EnvironmentFields {
  return {
    ...{ name, aliases, rank, protected: isProtected, tag_suffix, owned_keys },
    ...(rollback === undefined ? {} : { rollback }),
    ...(verification === undefined ? {} : { verification }),
    ...(artifact_repository === undefined ? {} : { artifact_repository }),
  };
}

/** A registry that the document names for the first time. */
export const newRegistry = (role: string) =>
  ({ id: role, role: role === 'primary' ? 'primary' : 'secondary' }) as const;

export const settingsFields = (stored: ArtifactSettings | undefined): ArtifactSettingsFields =>
  stored === undefined ? DEFAULT_SETTINGS : artifactSettings.said(stored);

export function channelFields(stored: Channel | undefined) {
  if (stored === undefined) return {};
  const { filter, muted_until, status } = stored;
  return { filter, status, ...(muted_until === undefined ? {} : { muted_until }) };
}
