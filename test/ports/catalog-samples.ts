import type { Consumer } from '../../functions/domain/artifact/consumer.ts';
import type { ArtifactSettings } from '../../functions/domain/artifact/settings.ts';
import type { ApprovalPolicy } from '../../functions/domain/catalog/approval-policy.ts';
import type { Environment } from '../../functions/domain/catalog/environment.ts';
import type { Gateway } from '../../functions/domain/catalog/gateway.ts';
import type { Registry } from '../../functions/domain/catalog/registry.ts';
import type { Rule } from '../../functions/domain/catalog/rule.ts';
import type { FlagKey } from '../../functions/domain/flags/flag-key.ts';
import type { Freeze } from '../../functions/domain/freeze/freeze.ts';
import type { MachineIdentity } from '../../functions/domain/identity/machine.ts';
import type { Membership } from '../../functions/domain/identity/member.ts';
import type { Tenant } from '../../functions/ports/directory.ts';
import { AT, DEV, seal, sha } from './samples.ts';

/** The catalog and the directory as the table meets them: every optional member is set somewhere here. */
const dated = { created_at: AT, updated_at: AT };

export function environment(name: string, version = 1, change: Partial<Environment> = {}): Environment {
  return {
    name,
    aliases: [`${name}-alias`],
    rank: 2,
    protected: true,
    tag_suffix: '-rc',
    gates: [
      ...seal().requirements.gates,
      {
        ...{ name: 'signature', mode: 'block', applies_to: ['artifact'] },
        provider: {
          type: 'registry',
          public_keys: ['-----BEGIN PUBLIC KEY-----'],
          trusted_root_ref: 'sluice/acme/registry/root',
          children: true,
        },
      },
    ],
    owned_keys: ['region'],
    rollback: { requires_approval: false },
    verification: {
      gate: 'smoke',
      within: 'PT30M',
      on_failure: 'rollback',
      format: 'json',
      thresholds: { field: 'p95', op: 'lt', value: 500 },
      producers: ['probe'],
    },
    lock: { reason: 'release', by: DEV.subject, at: AT },
    version,
    guard: 1,
    ...dated,
    ...change,
  };
}

export function rule(id: string, version = 1, change: Partial<Rule> = {}): Rule {
  return {
    id,
    name: 'to staging',
    source_environment: 'development',
    target_environment: 'staging',
    requires_approval: true,
    auto_promote: false,
    required_approvers: 2,
    conditions: {
      all: [
        { field: 'tests.pass_rate', op: 'gte', value: 95 },
        { not: { field: 'x', op: 'in', value: [1, 'a', null] } },
      ],
    },
    target_gateway_id: 'gateway-staging-1',
    status: 'active',
    version,
    ...dated,
    ...change,
  };
}

export function policy(id: string, version = 1): ApprovalPolicy {
  const { groups, separation_of_duties } = seal().requirements;
  return {
    id,
    name: 'two people',
    environments: ['staging'],
    required_approvers: 2,
    groups,
    separation_of_duties,
    expires_after: 'P7D',
    require_comment: true,
    version,
    ...dated,
  };
}

export function gateway(id: string, version = 1): Gateway {
  return {
    id,
    environment: 'staging',
    driver: 'http',
    endpoint: 'https://gateway.example/deploy',
    secret_ref: 'sluice/acme/gateway/one',
    principal: 'mach-1',
    status: 'active',
    version,
    ...dated,
  };
}

export function membership(tenant: string, subject: string, version = 1): Membership {
  return {
    tenant,
    subject,
    user_id: subject,
    email: 'dev@acme.com',
    groups: ['release'],
    grants: [{ role: 'developer' }, { role: 'approver', environment: 'staging' }],
    status: 'active',
    version,
    ...dated,
  };
}

export function machine(
  tenant: string,
  id: string,
  version = 1,
  change: Partial<MachineIdentity> = {},
): MachineIdentity {
  return {
    id,
    tenant,
    account: '123456789012',
    role: 'ci/deployer+main@x',
    unique_id: `AROA${id}`,
    name: 'deployer',
    owner: DEV.subject,
    grants: [{ role: 'recorder' }],
    groups: [],
    version,
    ...dated,
    ...change,
  };
}

export function tenant(id: string, version = 1): Tenant {
  return { id, name: `Tenant ${id}`, created_at: AT, version };
}

export function freeze(id: string, version = 1): Freeze {
  return {
    id,
    environment: '*',
    reason: 'weekend',
    starts_at: '2026-01-02T16:00:00.000Z',
    ends_at: '2026-01-05T07:00:00.000Z',
    rrule: 'FREQ=WEEKLY;BYDAY=FR',
    timezone: 'Europe/Berlin',
    mode: 'deny',
    on_due: 'fail',
    created_by: 'admin',
    version,
    created_at: '2026-01-01T00:00:00.000Z',
    updated_at: '2026-01-01T00:00:00.000Z',
  };
}

export function registry(id: string, version = 1): Registry {
  return {
    id,
    type: 'harbor',
    role: 'primary',
    url: 'https://registry.acme.com',
    repository_prefix: 'team/project',
    secret_ref: 'sluice/acme/registry/harbor',
    max_artifact_bytes: 2_000_000_000,
    version,
    ...dated,
  };
}

export function consumer(id: string, version = 1): Consumer {
  return {
    id,
    name: 'billing',
    environment: 'production',
    artifact: 'platform',
    constraint: '>=1.2.0, <2.0.0',
    version,
    ...dated,
  };
}

export function artifactSettings(version = 1): ArtifactSettings {
  return {
    id: 'artifacts',
    cross_registry_sync: true,
    verification: 'signature_match',
    retention: { keep_versions: 10, keep_days: 90, protected: ['v1.*'] },
    version,
    ...dated,
  };
}

export function flagKey(id: string, version = 1): FlagKey {
  return {
    id,
    name: 'web',
    environment: 'production',
    type: 'browser',
    allowed_origins: ['https://app.acme.com'],
    secret_digest: sha('secret'),
    version,
    ...dated,
  };
}
