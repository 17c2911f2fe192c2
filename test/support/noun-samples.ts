type Members = { readonly [name: string]: unknown };

/** One noun as callers say it: the members that must be said, and a value of each that may be. A value is written as it is shown. */
export type NounSample = { readonly path: string; readonly least: Members; readonly more: Members };

const roles = [{ role: 'approver', environment: 'staging' }, { role: 'viewer' }];
const groups = ['security'];
const thresholds = { field: 'evidence.critical', op: 'eq', value: 0 };
const channels = '/api/v1/notification-channels';
const channel = {
  filter: { events: ['completed'], environments: ['staging'], severities: ['critical'] },
  muted_until: '2026-12-01T00:00:00.000Z',
  status: 'disabled',
} as const;

/** Every noun that an admin keeps, each variant of channels by itself. The registry comes first: an environment names it. */
export const NOUN_SAMPLES = {
  registry: {
    path: '/api/v1/registries',
    least: { url: 'https://registry.acme.com' },
    more: {
      id: 'reg-whole',
      type: 'harbor',
      role: 'primary',
      repository_prefix: 'team/project',
      secret_ref: 'sluice/acme/registry/main',
      max_artifact_bytes: 1_000_000,
    },
  },
  gateway: {
    path: '/api/v1/gateways',
    least: { environment: 'staging' },
    more: {
      id: 'gw-whole',
      driver: 'http',
      endpoint: 'https://gw.acme.com/deploy',
      secret_ref: 'sluice/acme/gateway/main',
      principal: 'mach-ci',
      status: 'inactive',
    },
  },
  consumer: {
    path: '/api/v1/consumers',
    least: { name: 'billing', environment: 'staging', artifact: 'platform', constraint: '^1.0.0' },
    more: { id: 'cons-whole' },
  },
  freeze: {
    path: '/api/v1/environments/staging/freezes',
    least: { reason: 'fair', starts_at: '2026-12-24T00:00:00.000Z', ends_at: '2026-12-25T00:00:00.000Z' },
    more: { rrule: 'FREQ=WEEKLY', timezone: 'Europe/Vienna', mode: 'allow', on_due: 'fail' },
  },
  rule: {
    path: '/api/v1/promotions/rules',
    least: { name: 'hop', source_environment: 'development', target_environment: 'staging' },
    more: {
      requires_approval: true,
      auto_promote: true,
      required_approvers: 2,
      conditions: { all: [thresholds, { not: { field: 'evidence.tests', op: 'eq', value: null } }] },
      target_gateway_id: 'gw-whole',
      status: 'inactive',
    },
  },
  policy: {
    path: '/api/v1/approval-policies',
    least: { name: 'four eyes', environments: ['staging'] },
    more: {
      required_approvers: 2,
      groups: [{ group: 'security', min: 1 }],
      separation_of_duties: {
        requester: true,
        author: true,
        previous_promoter: true,
        evidence_producer: true,
      },
      expires_after: 'P3D',
      require_comment: true,
      link_only: true,
    },
  },
  email: {
    path: channels,
    least: { type: 'email', name: 'mail', recipients: 'approvers' },
    more: { ...channel, show_values: true },
  },
  webhook: {
    path: channels,
    least: {
      type: 'webhook',
      name: 'hook',
      url: 'https://hooks.acme.com/x',
      secret_ref: 'sluice/acme/webhook/x',
    },
    more: channel,
  },
  slack_webhook: {
    path: channels,
    least: { type: 'slack', mode: 'incoming_webhook', name: 'slack', url_ref: 'sluice/acme/slack/x' },
    more: channel,
  },
  slack_app: {
    path: channels,
    least: {
      ...({ type: 'slack', mode: 'app', name: 'app', team_id: 'T1', channel_id: 'C1' } as const),
      bot_token_ref: 'sluice/acme/slack/token',
      signing_secret_ref: 'sluice/acme/slack/signing',
    },
    more: channel,
  },
  member: {
    path: '/api/v1/members',
    least: { subject: 'sub-9', email: 'new@acme.com' },
    more: { user_id: 'user-9', roles, groups, status: 'active' },
  },
  machine: {
    path: '/api/v1/principals',
    least: { name: 'ci', account: '123456789012', role: 'deploy', unique_id: 'AROADEPLOY', owner: 'alice' },
    more: { id: 'mach-whole', roles, groups },
  },
  environment: {
    path: '/api/v1/environments',
    least: { name: 'qa' },
    more: {
      aliases: ['quality'],
      rank: 77,
      protected: true,
      tag_suffix: 'q',
      gates: [
        { name: 'policy_compliance', mode: 'block', applies_to: ['config', 'artifact', 'agent'] },
        {
          ...{ name: 'tests', mode: 'warn', applies_to: ['artifact'], format: 'junit', max_age: 'P1D' },
          ...{ thresholds, producers: ['mach-ci'], timeout_seconds: 60 },
        },
      ],
      owned_keys: ['db.*'],
      rollback: { requires_approval: true },
      verification: {
        ...{ gate: 'smoke', within: 'PT1H', on_failure: 'rollback', format: 'junit' },
        ...{ thresholds, producers: ['mach-ci'] },
      },
      artifact_repository: { registry: 'reg-whole', repository: 'team/qa' },
    },
  },
} as const satisfies { readonly [noun: string]: NounSample };
