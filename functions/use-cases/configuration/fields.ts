import {
  type ArtifactSettings,
  type ArtifactSettingsFields,
  artifactSettings,
  DEFAULT_SETTINGS,
} from '../../domain/artifact/settings.ts';
import type { Environment } from '../../domain/catalog/environment.ts';
import { type Channel, email, slackWebhook } from '../../domain/notification/channel.ts';
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

/** A channel that the document names for the first time. */
const NEW_CHANNEL = {
  filter: { events: 'all', environments: 'all', severities: 'all' },
  status: 'active',
} as const;

export const emailFields = (stored: Channel | undefined) =>
  stored?.type === 'email' ? email.said(stored) : NEW_CHANNEL;

export const slackFields = (stored: Channel | undefined) =>
  stored?.type === 'slack' && stored.mode === 'incoming_webhook' ? slackWebhook.said(stored) : NEW_CHANNEL;
