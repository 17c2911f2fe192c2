import type { Consumer } from '../artifact/consumer.ts';
import type { Lifecycle } from '../artifact/lifecycle.ts';
import type { ArtifactSettings, Retention } from '../artifact/settings.ts';
import { DEFAULT_SETTINGS } from '../artifact/settings.ts';
import type { Gateway } from '../catalog/gateway.ts';
import type { Registry } from '../catalog/registry.ts';
import type { Authority, Members, Step } from './class.ts';
import { only, redirects, within } from './find.ts';

export const gatewayAuthority: Authority<Gateway> = {
  members: {
    environment: 'fixed',
    driver: [{ is: 'redirects', when: 'another driver, or the gateway is gone' }],
    endpoint: [redirects<Gateway>('endpoint', 'another address')],
    secret_ref: [redirects<Gateway>('secret_ref', 'another secret')],
    principal: [
      {
        is: 'grants',
        when: 'a machine is bound to a gateway that stood: its word settles what became of a deployment there',
        holds: ({ before, after }) =>
          before !== undefined && after?.principal !== undefined && before.principal !== after.principal,
      },
    ],
    status: 'neutral',
  },
  concerns: ({ environment }) => [environment],
  kinds: ['agent'],
  reads: [],
};

export const registryAuthority: Authority<Registry> = {
  members: {
    type: [redirects<Registry>('type', 'another type')],
    role: [redirects<Registry>('role', 'another role')],
    url: [{ is: 'redirects', when: 'another address, or the registry is gone' }],
    repository_prefix: [redirects<Registry>('repository_prefix', 'another prefix')],
    secret_ref: [redirects<Registry>('secret_ref', 'another secret')],
    max_artifact_bytes: 'neutral',
  },
  // Environments that name none live in the primary one, and are copied to every secondary one.
  concerns: ({ id }, { environments }) =>
    environments
      .filter(({ artifact_repository }) => (artifact_repository?.registry ?? id) === id)
      .map(({ name }) => name),
  kinds: ['artifact'],
  reads: [],
};

const retentionMembers: Members<Retention> = {
  keep_versions: 'neutral',
  keep_days: 'neutral',
  protected: 'neutral',
};

export const artifactSettingsAuthority: Authority<ArtifactSettings> = {
  members: {
    cross_registry_sync: [
      {
        is: 'redirects',
        what: 'cross_registry_sync',
        when: 'promotions copy to every registry',
        holds: ({ before, after }) =>
          before?.cross_registry_sync !== true && after?.cross_registry_sync === true,
      },
    ],
    verification: [
      {
        is: 'weakens',
        what: 'verification',
        when: 'copies into environments need no signatures any more',
        holds: ({ before, after }: Step<ArtifactSettings>) =>
          (before ?? DEFAULT_SETTINGS).verification === 'signature_match' &&
          (after ?? DEFAULT_SETTINGS).verification !== 'signature_match',
      },
    ],
    retention: within('retention', retentionMembers, ({ retention }) => only(retention)),
  },
  concerns: (_, { environments }) => environments.map(({ name }) => name),
  kinds: ['artifact'],
  reads: [],
};

/** It warns, and tells a rollback what it would break: it lets nothing through. */
export const consumerAuthority: Authority<Consumer> = {
  members: { name: 'neutral', environment: 'neutral', artifact: 'neutral', constraint: 'neutral' },
  concerns: ({ environment }) => [environment],
  kinds: ['artifact'],
  reads: [],
};

/** Written by a verb of its own. */
export const lifecycleMembers: Members<Lifecycle> = {
  deprecated_at: 'neutral',
  eol_at: 'neutral',
  replacement: 'neutral',
  reason: 'neutral',
};
