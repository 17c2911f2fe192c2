import { ENDPOINTS } from '../../functions/contract/all.ts';
import type { Endpoint } from '../../functions/contract/endpoint.ts';
import { digestOfBytes } from '../../functions/domain/digest.ts';
import type { Action } from '../../functions/domain/identity/roles.ts';
import type { World } from './api-world.ts';

/** A good call of each operation on what `furnish` has put there, and the action whose roles it takes. */
export type Operation = {
  readonly endpoint: Endpoint;
  readonly path: string;
  readonly body?: unknown;
  readonly action: Action | 'anyone' | 'none';
};

/** Ids of what stands in the furnished tenant. */
export type Furniture = {
  readonly promotion: string;
  readonly failed: string;
  readonly rule: string;
  readonly policy: string;
  readonly freeze: string;
  readonly environment: string;
  readonly gateway: string;
  readonly member: string;
  readonly machine: string;
  readonly deployment: string;
  readonly platform: string;
  readonly configPromotion?: string;
};

const rule = { name: 'r', source_environment: 'development', target_environment: 'staging' };
const freeze = {
  reason: 'r',
  starts_at: '2027-01-01T00:00:00Z',
  ends_at: '2027-01-02T00:00:00Z',
};
const policy = { name: 'p', environments: ['development'] };
const passedTests = { gate: 'tests', format: 'json', document: { passed: true } };
const ABSENT = `sha256:${'0'.repeat(64)}`;
const reason = { reason: 'because' };

/** What each operation is given, and whom it is for. Exhaustive over the contract: `operations` throws on one without a line. */
const CALLS: {
  readonly [operation: string]: {
    readonly body?: unknown;
    readonly query?: string;
    readonly action: Operation['action'];
  };
} = {
  createPromotion: {
    body: {
      agent_id: 'agent-new',
      source_deployment_id: 'dep-new',
      target_gateway_id: 'gw-789',
      target_environment: 'production',
    },
    action: 'request',
  },
  listPromotions: { action: 'read' },
  getPromotion: { action: 'read' },
  validatePromotion: { action: 'validate' },
  approvePromotion: { action: 'approve' },
  rejectPromotion: { body: reason, action: 'reject' },
  requestChanges: { body: reason, action: 'request_changes' },
  resubmitPromotion: { action: 'resubmit' },
  executePromotion: { action: 'execute' },
  schedulePromotion: { body: { at: '2026-11-22T09:00:00Z' }, action: 'schedule' },
  unschedulePromotion: { action: 'schedule' },
  cancelPromotion: { action: 'cancel' },
  retryPromotion: { action: 'retry' },
  getDecision: { action: 'read' },
  replayDecision: { action: 'read' },
  getManifest: { action: 'read' },
  getChanges: { action: 'read' },
  getImpact: { action: 'read' },
  getTimeline: { action: 'read' },
  getApprovals: { action: 'read' },
  getEvidence: { action: 'read' },
  attachEvidence: { body: passedTests, action: 'attach_evidence' },
  submitEvidence: { body: { ...passedTests, subject_digest: ABSENT }, action: 'attach_evidence' },
  listEvidence: { query: `subject_digest=${ABSENT}`, action: 'read' },
  getEvidenceDocument: { query: `digest=${digestOfBytes('{"passed":true}')}`, action: 'read' },
  createRule: { body: rule, action: 'manage_catalog' },
  listRules: { action: 'read' },
  getRule: { action: 'read' },
  updateRule: { body: { name: 'renamed' }, action: 'manage_catalog' },
  deleteRule: { action: 'manage_catalog' },
  createApprovalPolicy: { body: policy, action: 'manage_catalog' },
  listApprovalPolicies: { action: 'read' },
  getApprovalPolicy: { action: 'read' },
  updateApprovalPolicy: { body: { name: 'renamed' }, action: 'manage_catalog' },
  deleteApprovalPolicy: { action: 'manage_catalog' },
  createEnvironment: { body: { name: 'qa' }, action: 'manage_catalog' },
  listEnvironments: { action: 'read' },
  getEnvironment: { action: 'read' },
  updateEnvironment: { body: { protected: false }, action: 'manage_catalog' },
  deleteEnvironment: { action: 'manage_catalog' },
  lockEnvironment: { body: reason, action: 'lock' },
  unlockEnvironment: { action: 'lock' },
  lockTenant: { body: reason, action: 'lock' },
  unlockTenant: { action: 'lock' },
  createFreeze: { body: freeze, action: 'freeze' },
  listFreezes: { action: 'read' },
  getFreeze: { action: 'read' },
  updateFreeze: { body: { reason: 'renamed' }, action: 'freeze' },
  deleteFreeze: { action: 'freeze' },
  createGateway: { body: { environment: 'staging' }, action: 'manage_catalog' },
  listGateways: { action: 'read' },
  getGateway: { action: 'read' },
  updateGateway: { body: { status: 'inactive' }, action: 'manage_catalog' },
  deleteGateway: { action: 'manage_catalog' },
  recordAgentDeployment: { body: { agent_id: 'agent-9', environment: 'development' }, action: 'record' },
  listAgentDeployments: { query: 'agent_id=agent-123', action: 'read' },
  getAgentDeployment: { action: 'read' },
  putDeploymentMetrics: { body: { tests: { pass_rate: 100 } }, action: 'report_metrics' },
  getAutoPromotion: { action: 'read' },
  recordPlatformDeployment: { body: { imageTag: 'v1', environment: 'dev' }, action: 'record' },
  reportPlatformDeployment: { body: { status: 'DEPLOYED' }, action: 'record' },
  getPlatformDeployment: { action: 'read' },
  getCurrentDeployment: { query: 'environment=staging', action: 'read' },
  getDeploymentHistory: { query: 'environment=staging', action: 'read' },
  searchAudit: { action: 'read_audit' },
  listDenials: { action: 'read_audit' },
  getCheckpoint: { action: 'read_audit' },
  exportAudit: { action: 'read_audit' },
  createMember: { body: { subject: 'new', email: 'new@acme.com' }, action: 'manage_members' },
  listMembers: { action: 'manage_members' },
  getMember: { action: 'manage_members' },
  updateMember: { body: { groups: ['g'] }, action: 'manage_members' },
  deleteMember: { action: 'manage_members' },
  createPrincipal: {
    body: { name: 'm', account: '123456789012', role: 'r', unique_id: 'AROANEW', owner: 'dev' },
    action: 'manage_members',
  },
  listPrincipals: { action: 'manage_members' },
  getPrincipal: { action: 'manage_members' },
  updatePrincipal: { body: { name: 'renamed' }, action: 'manage_members' },
  deletePrincipal: { action: 'manage_members' },
  createTenant: {
    body: { id: 'new', name: 'New', admin: { subject: 's', email: 's@new.com' } },
    action: 'manage_tenants',
  },
  listTenants: { action: 'manage_tenants' },
  getTenant: { action: 'manage_tenants' },
  updateTenant: { body: { name: 'Renamed' }, action: 'manage_tenants' },
  createConfigPromotion: {
    body: { targetEnvironment: 'production', promotionType: 'PATTERN', keyPatterns: ['b.*'], notes: 'n' },
    action: 'request',
  },
  listConfigPromotions: { action: 'read' },
  diffConfig: { query: 'source=staging&target=production', action: 'read' },
  getConfigPromotion: { action: 'read' },
  validateConfigPromotion: { action: 'validate' },
  approveConfigPromotion: { action: 'approve' },
  rejectConfigPromotion: { body: reason, action: 'reject' },
  requestConfigChanges: { body: reason, action: 'request_changes' },
  resubmitConfigPromotion: { action: 'resubmit' },
  executeConfigPromotion: { action: 'execute' },
  scheduleConfigPromotion: { body: { at: '2026-11-22T09:00:00Z' }, action: 'schedule' },
  unscheduleConfigPromotion: { action: 'schedule' },
  rollBackConfigPromotion: { body: { mode: 'revert' }, action: 'roll_back' },
  cancelConfigPromotion: { action: 'cancel' },
  getConfigChanges: { action: 'read' },
  getConfigApprovals: { action: 'read' },
  getConfigTimeline: { action: 'read' },
  evaluateFlag: { query: 'environment=acme-only', body: { context: {} }, action: 'read' },
  evaluateFlags: { query: 'environment=acme-only', body: { context: {} }, action: 'read' },
  listConfigs: { action: 'read' },
  getConfig: { action: 'read' },
  putConfig: { body: { value: { a: 1 } }, action: 'edit_config' },
  deleteConfig: { action: 'edit_config' },
  listFlags: { action: 'read' },
  getFlag: { action: 'read' },
  putFlag: {
    body: { enabled: true, variants: { on: true }, defaultVariant: 'on', targeting: null },
    action: 'edit_config',
  },
  deleteFlag: { action: 'edit_config' },
  editConfigBatch: {
    body: { put: [{ kind: 'config', key: 'a', value: 1 }], delete: [{ kind: 'flag', key: 'b' }] },
    action: 'edit_config',
  },
  getConfigSnapshot: { action: 'read' },
  listConfigRevisions: { action: 'read' },
  importConfig: { body: { format: 'env', text: 'A=1', prefix: 'p.' }, action: 'edit_config' },
  exportConfig: { action: 'read' },
  getHealth: { action: 'none' },
  getOpenApi: { action: 'none' },
};

/** Every operation of the contract as a good call on the furniture given. */
export function operations(there: Furniture): readonly Operation[] {
  return ENDPOINTS.map((endpoint) => {
    const call = CALLS[endpoint.operation];
    if (call === undefined) throw new Error(`no call for ${endpoint.operation}`);
    const path = endpoint.path.replace(/\{(\w+)\+?\}/g, (_, name: string) => idFor(endpoint, name, there));
    return {
      endpoint,
      path: call.query === undefined ? path : `${path}?${call.query}`,
      action: call.action,
      ...('body' in call ? { body: call.body } : {}),
    };
  });
}

function idFor({ tag, operation, path }: Endpoint, name: string, there: Furniture): string {
  if (path.startsWith('/api/v1/platform/')) return there.platform;
  if (operation === 'retryPromotion') return there.failed;
  if (path.startsWith('/api/v1/promotions/{id}/')) return there.promotion;
  switch (tag) {
    case 'ofrep':
    case 'config':
    case 'config files':
      return name === 'env' ? there.environment : 'setting';
    case 'config promotions':
      return there.configPromotion ?? '';
    case 'promotions':
      return there.promotion;
    case 'rules':
      return there.rule;
    case 'approval policies':
      return there.policy;
    case 'environments':
      return there.environment;
    case 'freezes':
      return name === 'scope' ? there.environment : there.freeze;
    case 'gateways':
      return there.gateway;
    case 'members':
      return there.member;
    case 'principals':
      return there.machine;
    case 'tenants':
      return 'acme';
    default:
      if (tag.includes('deployment')) return there.deployment;
      throw new Error(`${operation}: nothing is called {${name}}`);
  }
}

/** Puts one of everything into the tenant `acme`. */
export async function furnish(world: World): Promise<Furniture> {
  const [dev, alice, admin] = [world.as('dev'), world.as('alice'), world.as('admin')];
  const must = async (answer: ReturnType<typeof dev>) => {
    const { status, body } = await answer;
    if (status >= 300) throw new Error(`${status} ${JSON.stringify(body)}`);
    return body;
  };
  await must(admin('POST', '/api/v1/gateways', { id: 'gw-789', environment: 'production' }));
  await must(
    admin('POST', '/api/v1/gateways', {
      id: 'gw-broken',
      environment: 'production',
      driver: 'http',
      endpoint: 'https://gw.acme.com/',
    }),
  );
  await must(admin('POST', '/api/v1/gateways', { id: 'gw-idle', environment: 'development' }));
  for (const agent of ['123', 'new', 'bad']) {
    const id = agent === '123' ? 'dep-456' : `dep-${agent}`;
    await must(
      dev('POST', '/api/v1/deployments', {
        id,
        agent_id: `agent-${agent}`,
        gateway_id: 'gw-stg',
        environment: 'staging',
      }),
    );
  }
  await must(
    dev('POST', '/api/v1/platform/deployments', {
      id: 'dep-platform',
      imageTag: 'v1',
      environment: 'staging',
      status: 'PENDING',
    }),
  );
  await must(
    dev('POST', '/api/v1/platform/deployments', { id: 'dep-live', imageTag: 'v0', environment: 'staging' }),
  );
  await must(admin('POST', '/api/v1/environments', { name: 'acme-only' }));
  const config = '/api/v1/config/environments/acme-only';
  await must(dev('PUT', `${config}/configs/setting`, { value: 1 }));
  await must(
    dev('PUT', `${config}/flags/setting`, { enabled: true, variants: { on: 1 }, defaultVariant: 'on' }),
  );
  const stagingConfig = '/api/v1/config/environments/staging';
  const put = ['a.one', 'b.one'].map((key) => ({ kind: 'config', key, value: 1 }));
  await must(dev('POST', `${stagingConfig}/batch`, { put }));
  const configPromotion = await must(
    dev('POST', '/api/v1/config/promotions', {
      targetEnvironment: 'production',
      promotionType: 'SELECTIVE',
      configIds: ['a.one'],
    }),
  );
  const rules = await must(admin('POST', '/api/v1/promotions/rules', rule));
  const freezes = await must(admin('POST', '/api/v1/environments/acme-only/freezes', freeze));
  const policies = await must(admin('POST', '/api/v1/approval-policies', policy));
  const request = (agent: string, source: string, gateway: string) => ({
    agent_id: `agent-${agent}`,
    source_deployment_id: source,
    target_gateway_id: gateway,
    target_environment: 'production',
  });
  const promotion = await must(dev('POST', '/api/v1/promotions', request('123', 'dep-456', 'gw-789')));
  const failing = await must(dev('POST', '/api/v1/promotions', request('bad', 'dep-bad', 'gw-broken')));
  await must(alice('POST', `/api/v1/promotions/${failing.id}/approve`));
  await must(dev('POST', `/api/v1/promotions/${failing.id}/execute`));
  await must(dev('POST', '/api/v1/evidence', { ...passedTests, subject_digest: ABSENT }));
  world.outcome = { outcome: 'refused', message: 'no' };
  await world.run(failing.id);
  return {
    promotion: promotion.id,
    failed: failing.id,
    rule: rules.id,
    policy: policies.id,
    freeze: freezes.id,
    environment: 'acme-only',
    gateway: 'gw-idle',
    member: 'bob',
    machine: 'mach-ci',
    deployment: 'dep-456',
    platform: 'dep-platform',
    configPromotion: configPromotion.id,
  };
}
