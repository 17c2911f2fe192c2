/** Bodies and answers of operations as their documents show them, for the OpenAPI document. A test parses each by its schema. */

const agentRequest = {
  agent_id: 'agent-123',
  source_deployment_id: 'dep-456',
  target_gateway_id: 'gw-789',
  target_environment: 'production',
};

const conditions = {
  all: [
    { field: 'tests.pass_rate', op: 'gte', value: 100 },
    { field: 'metrics.error_rate', op: 'lte', value: 0.01 },
  ],
};

export const BODIES: { readonly [operation: string]: unknown } = {
  createPromotion: agentRequest,
  approvePromotion: { comment: 'Looks good.' },
  rejectPromotion: { reason: 'Tests not passing on staging' },
  requestChanges: { reason: 'Please split this in two.' },
  schedulePromotion: { at: '2026-11-23T18:00:00Z' },
  createRule: {
    name: 'Auto-promote to Staging',
    source_environment: 'development',
    target_environment: 'staging',
    requires_approval: false,
    auto_promote: true,
    conditions,
  },
  createConfigPromotion: {
    sourceEnvironment: 'staging',
    targetEnvironment: 'production',
    promotionType: 'SELECTIVE',
    configIds: ['query.timeout'],
    keyPatterns: ['query.*'],
    notes: 'Promoting query timeout changes verified in staging',
  },
  rejectConfigPromotion: { reason: 'Tests not passing on staging' },
  scheduleConfigPromotion: { at: '2026-11-23T18:00:00Z', onMissed: 'execute' },
  rollBackConfigPromotion: { mode: 'restore', reason: 'Queries time out.' },
  putConfig: { value: '180s' },
  putFlag: {
    enabled: true,
    variants: { on: true, off: false },
    defaultVariant: 'off',
    targeting: {
      rules: [
        { name: 'staff', when: { field: 'email', op: 'contains', value: '@acme.com' }, variant: 'on' },
        {
          name: 'some of those who pay',
          when: { field: 'plan', op: 'in', value: ['pro', 'team'] },
          split: [
            { variant: 'on', weight: 20 },
            { variant: 'off', weight: 80 },
          ],
        },
      ],
      otherwise: { variant: 'off' },
    },
  },
  explainFlag: { context: { targetingKey: 'user-1', plan: 'free' } },
  editConfigBatch: {
    put: [
      { kind: 'config', key: 'query.timeout', value: '180s' },
      { kind: 'config', key: 'db.password', value: 'correct horse', sensitive: true },
    ],
    delete: [{ kind: 'flag', key: 'old-dashboard' }],
  },
  importConfig: { format: 'env', text: 'QUERY_TIMEOUT=180s\n', prefix: 'app.' },
  evaluateFlag: { context: { targetingKey: 'user-1' } },
  recordAgentDeployment: {
    id: 'dep-456',
    agent_id: 'agent-123',
    gateway_id: 'gw-stg',
    environment: 'staging',
  },
  putDeploymentMetrics: { tests: { pass_rate: 100 }, metrics: { error_rate: 0.01 } },
  recordPlatformDeployment: {
    imageTag: 'v2.1.0-abc1234',
    gitCommit: 'abc1234',
    gitBranch: 'main',
    environment: 'dev',
    status: 'DEPLOYED',
    deployedAt: '2026-02-12T10:00:00Z',
    completedAt: '2026-02-12T10:05:00Z',
  },
  lockEnvironment: { reason: 'incident 7' },
  createEnvironment: { name: 'qa' },
  createGateway: { id: 'gw-789', environment: 'production' },
  createFreeze: {
    reason: 'Year end',
    starts_at: '2026-12-24T00:00:00Z',
    ends_at: '2027-01-02T00:00:00Z',
  },
  createNotificationChannel: {
    name: 'Releases',
    type: 'webhook',
    url: 'https://hooks.acme.com/sluice',
    secret_ref: 'sluice/acme/webhook/hook',
  },
  createMember: { subject: 'user-1', email: 'dev@acme.com', roles: [{ role: 'developer' }] },
  submitEvidence: {
    gate: 'tests',
    format: 'json',
    document: { passed: true },
    subject_digest: `sha256:${'0'.repeat(64)}`,
  },
};

export const ANSWERS: { readonly [operation: string]: unknown } = {
  diffConfig: {
    sourceEnvironment: 'staging',
    targetEnvironment: 'production',
    added: [{ key: 'ai.new-model', value: 'gpt-4-turbo' }],
    modified: [{ key: 'query.timeout', sourceValue: '180s', targetValue: '120s' }],
    removed: [],
    unchanged: 35,
  },
  getHealth: { status: 'ok' },
};
