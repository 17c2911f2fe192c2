import * as z from 'zod/mini';
import { DigestText, EnvironmentName, Id, Line, Text } from '../domain/fields.ts';
import { MOST_COMMITS, Moment, optionalText, Sha, Status } from './deployment-fields.ts';
import { EMPTY, endpoint } from './endpoint.ts';
import { listOf, PAGE } from './fields.ts';

/** Deployments as agents' tools see them, in snake_case. */

const Commits = z.array(z.strictObject({ sha: Sha, committed_at: Moment })).check(z.maxLength(MOST_COMMITS));

/** A name that a condition can read after its group (`tests.pass_rate`). */
const MetricName = z
  .string()
  .check(
    z.regex(
      /^[A-Za-z][A-Za-z0-9_-]{0,63}$/,
      'must be 1 to 64 letters, digits, _ and -, beginning with a letter',
    ),
  );
const MetricValue = z.union([z.number(), z.boolean(), z.string().check(z.maxLength(256))]);
const MetricGroup = z.record(MetricName, MetricValue);
const ReportedGroup = MetricGroup.check(
  z.refine((group) => Object.keys(group).length > 0, 'needs at least one name'),
);

/** What both APIs show of a deployment. */
export const DeploymentCore = z.strictObject({
  id: z.string(),
  kind: z.string(),
  agent_id: optionalText,
  gateway_id: optionalText,
  environment: z.string(),
  content_digest: z.string(),
  status: Status,
  deployed_at: z.string(),
  completed_at: optionalText,
  live_at: optionalText,
  resumed_at: optionalText,
  failed_at: optionalText,
  ended_at: optionalText,
  notes: optionalText,
  commits: z.nullable(z.array(z.strictObject({ sha: z.string(), committed_at: z.string() }))),
  unplanned: z.nullable(z.boolean()),
  recorded: z.boolean(),
  promotion_id: optionalText,
  failure: optionalText,
});
export type DeploymentCore = z.infer<typeof DeploymentCore>;

const DeploymentView = z.extend(DeploymentCore, {
  organization_id: z.string(),
  version: optionalText,
  tests: MetricGroup,
  metrics: MetricGroup,
  recorded_by: z.string(),
  created_at: z.string(),
});
export type DeploymentView = z.infer<typeof DeploymentView>;

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
  explanation: z.unknown(),
  rules: z.array(RuleVerdict),
});
export type AutoPromotionView = z.infer<typeof AutoPromotionView>;

const Agents = { tag: 'deployments', query: EMPTY } as const;

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
    commits: z.exactOptional(Commits),
    unplanned: z.exactOptional(z.boolean()),
  }),
  response: DeploymentView,
  status: [201, 200],
  dry_run: true,
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
