import * as z from 'zod/mini';
import { DEPLOYMENT_STATUSES } from '../domain/deployment/deployment.ts';
import { toInstant } from '../domain/instant.ts';
import { EMPTY, endpoint } from './endpoint.ts';
import { DigestText, EnvironmentName, Id, Instant, Limit, Line, listOf, PAGE, Text } from './fields.ts';

/** Deployments: one record, seen in snake_case by agents' tools and in camelCase by the platform's pipelines. */

/** An instant in the one form that Sluice stores: UTC with milliseconds, so that texts sort as time does. */
const Moment = z.pipe(
  Instant,
  z.transform((text: string, context) => {
    const instant = toInstant(text);
    if (instant !== undefined) return instant;
    context.issues.push({ code: 'custom', message: 'is not an instant', input: text });
    return z.NEVER;
  }),
);
const Status = z.enum(DEPLOYMENT_STATUSES);
const optionalText = z.nullable(z.string());

/** A name that a condition can read after its group (`tests.pass_rate`). */
const MetricName = z.string().check(z.regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/));
const MetricValue = z.union([z.number(), z.boolean(), z.string().check(z.maxLength(256))]);
const MetricGroup = z.record(MetricName, MetricValue);
const ReportedGroup = MetricGroup.check(
  z.refine((group) => Object.keys(group).length > 0, 'needs at least one name'),
);

const DeploymentView = z.strictObject({
  id: z.string(),
  organization_id: z.string(),
  kind: z.string(),
  agent_id: optionalText,
  gateway_id: optionalText,
  environment: z.string(),
  version: optionalText,
  content_digest: z.string(),
  status: Status,
  deployed_at: z.string(),
  completed_at: optionalText,
  live_at: optionalText,
  tests: MetricGroup,
  metrics: MetricGroup,
  notes: optionalText,
  recorded: z.boolean(),
  recorded_by: z.string(),
  promotion_id: optionalText,
  failure: optionalText,
  created_at: z.string(),
});
export type DeploymentView = z.infer<typeof DeploymentView>;

const PlatformView = z.strictObject({
  id: z.string(),
  imageTag: optionalText,
  gitCommit: optionalText,
  gitBranch: optionalText,
  environment: z.string(),
  status: Status,
  deployedAt: z.string(),
  completedAt: optionalText,
  liveAt: optionalText,
  acrRegistry: optionalText,
  helmChartVersion: optionalText,
  initiatedBy: z.string(),
  serviceVersions: z.record(z.string(), z.string()),
  notes: optionalText,
  contentDigest: z.string(),
  kind: z.string(),
  agentId: optionalText,
  gatewayId: optionalText,
  promotionId: optionalText,
  recorded: z.boolean(),
  failure: optionalText,
});
export type PlatformView = z.infer<typeof PlatformView>;

const RuleVerdict = z.strictObject({
  rule_id: z.string(),
  rule_name: z.string(),
  target_environment: z.string(),
  target_gateway_id: optionalText,
  should_promote: z.boolean(),
  reason: z.string(),
  detail: z.string(),
  explanation: z.unknown(),
});
const AutoPromotionView = z.strictObject({
  should_promote: z.boolean(),
  rule_id: optionalText,
  reason: z.string(),
  detail: z.string(),
  explanation: z.nullable(z.unknown()),
  rules: z.array(RuleVerdict),
});
export type AutoPromotionView = z.infer<typeof AutoPromotionView>;

const Agents = { tag: 'deployments', query: EMPTY } as const;
const Platform = { tag: 'platform deployments', query: EMPTY } as const;

export const recordAgentDeployment = endpoint({
  ...Agents,
  method: 'POST',
  path: '/api/v1/deployments',
  operation: 'recordAgentDeployment',
  summary: 'Record a deployment of an agent that happened outside Sluice',
  body: z.strictObject({
    id: z.exactOptional(Id),
    agent_id: Id,
    gateway_id: z.exactOptional(Id),
    environment: EnvironmentName,
    version: z.exactOptional(Line),
    content_digest: z.exactOptional(DigestText),
    status: z.exactOptional(Status),
    deployed_at: z.exactOptional(Moment),
    completed_at: z.exactOptional(Moment),
    live_at: z.exactOptional(Moment),
    notes: z.exactOptional(Text),
  }),
  response: DeploymentView,
  status: [201],
  errors: ['unknown_environment', 'protected', 'conflict', 'reserved_name', 'idempotency_key_reused'],
  idempotent: true,
});

export const listAgentDeployments = endpoint({
  ...Agents,
  method: 'GET',
  path: '/api/v1/deployments',
  operation: 'listAgentDeployments',
  summary: 'Deployments of an agent, of an environment, or of both, newest first',
  body: EMPTY,
  query: z.strictObject({
    ...PAGE,
    agent_id: z.exactOptional(Id),
    environment: z.exactOptional(EnvironmentName),
  }),
  response: listOf(DeploymentView),
  status: [200],
  errors: ['unknown_environment'],
});

export const getAgentDeployment = endpoint({
  ...Agents,
  method: 'GET',
  path: '/api/v1/deployments/{id}',
  operation: 'getAgentDeployment',
  summary: 'One deployment',
  body: EMPTY,
  response: DeploymentView,
  status: [200],
  errors: [],
});

export const putDeploymentMetrics = endpoint({
  ...Agents,
  method: 'PUT',
  path: '/api/v1/deployments/{id}/metrics',
  operation: 'putDeploymentMetrics',
  summary: 'Merge run-time metrics into the deployment they were measured on',
  body: z
    .strictObject({ tests: z.exactOptional(ReportedGroup), metrics: z.exactOptional(ReportedGroup) })
    .check(
      z.refine(
        ({ tests, metrics }) => tests !== undefined || metrics !== undefined,
        'needs tests or metrics',
      ),
    ),
  response: DeploymentView,
  status: [200],
  errors: ['protected', 'unknown_environment'],
});

export const getAutoPromotion = endpoint({
  ...Agents,
  method: 'GET',
  path: '/api/v1/deployments/{id}/auto-promotion',
  operation: 'getAutoPromotion',
  summary: 'Whether a rule would promote this deployment now, and why; without effect',
  body: EMPTY,
  response: AutoPromotionView,
  status: [200],
  errors: [],
});

export const recordPlatformDeployment = endpoint({
  ...Platform,
  method: 'POST',
  path: '/api/v1/platform/deployments',
  operation: 'recordPlatformDeployment',
  summary: 'Record a deployment of the platform; a DEPLOYED one is the environment’s current one',
  body: z.strictObject({
    id: z.exactOptional(Id),
    imageTag: Line,
    gitCommit: z.exactOptional(Line),
    gitBranch: z.exactOptional(Line),
    environment: EnvironmentName,
    status: z.exactOptional(Status),
    deployedAt: z.exactOptional(Moment),
    completedAt: z.exactOptional(Moment),
    liveAt: z.exactOptional(Moment),
    acrRegistry: z.exactOptional(Line),
    helmChartVersion: z.exactOptional(Line),
    initiatedBy: z.exactOptional(Line),
    serviceVersions: z.exactOptional(z.record(Line, Line)),
    notes: z.exactOptional(Text),
    contentDigest: z.exactOptional(DigestText),
  }),
  response: PlatformView,
  status: [201],
  errors: ['unknown_environment', 'protected', 'conflict', 'reserved_name', 'idempotency_key_reused'],
  idempotent: true,
});

export const reportPlatformDeployment = endpoint({
  ...Platform,
  method: 'PATCH',
  path: '/api/v1/platform/deployments/{id}',
  operation: 'reportPlatformDeployment',
  summary: 'Report the outcome of a deployment: a gateway’s own machine for what a promotion deploys',
  body: z.strictObject({
    status: Status,
    completedAt: z.exactOptional(Moment),
    liveAt: z.exactOptional(Moment),
    notes: z.exactOptional(Text),
  }),
  response: PlatformView,
  status: [200],
  errors: ['invalid_transition', 'protected', 'conflict', 'unknown_environment'],
});

export const getPlatformDeployment = endpoint({
  ...Platform,
  method: 'GET',
  path: '/api/v1/platform/deployments/{id}',
  operation: 'getPlatformDeployment',
  summary: 'One deployment',
  body: EMPTY,
  response: PlatformView,
  status: [200],
  errors: [],
});

export const getCurrentDeployment = endpoint({
  ...Platform,
  method: 'GET',
  path: '/api/v1/platform/deployments/current',
  operation: 'getCurrentDeployment',
  summary: 'The platform’s active deployment in an environment',
  body: EMPTY,
  query: z.strictObject({ environment: EnvironmentName }),
  response: PlatformView,
  status: [200],
  errors: ['unknown_environment'],
});

export const getDeploymentHistory = endpoint({
  ...Platform,
  method: 'GET',
  path: '/api/v1/platform/deployments/history',
  operation: 'getDeploymentHistory',
  summary: 'An environment’s deployments, newest first: a plain array',
  body: EMPTY,
  query: z.strictObject({ environment: EnvironmentName, limit: z.exactOptional(Limit) }),
  response: z.array(PlatformView),
  status: [200],
  errors: ['unknown_environment'],
});
