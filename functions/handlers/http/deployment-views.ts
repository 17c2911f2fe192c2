import { camelNames } from '../../contract/camel.ts';
import type { AutoPromotionView, DeploymentCore, DeploymentView } from '../../contract/deployments.ts';
import type { PlatformView } from '../../contract/platform-deployments.ts';
import { commitsOf, type Deployment, unplannedOf } from '../../domain/deployment/deployment.ts';
import type { Json } from '../../domain/jcs.ts';
import type { Check } from '../../use-cases/auto-promotion/check.ts';

/** Shows a deployment in snake_case. */
export function deploymentView(tenant: string, deployment: Deployment): DeploymentView {
  const { metrics, version_label, recorded_by, created_at } = deployment;
  return {
    ...coreOf(deployment),
    organization_id: tenant,
    version: version_label ?? null,
    tests: scalars(metrics['tests']),
    metrics: scalars(metrics['metrics']),
    recorded_by: recorded_by.subject,
    created_at,
  };
}

/** Shows the same record in camelCase; `environment` is answered as it was given, in this request or when it was recorded. */
export function platformView(deployment: Deployment, environment?: string): PlatformView {
  const { details, recorded_by, version_label, environment_alias } = deployment;
  return {
    ...camelNames(coreOf(deployment)),
    environment: environment ?? environment_alias ?? deployment.environment,
    imageTag: version_label ?? null,
    gitCommit: textOf(details['gitCommit']),
    gitBranch: textOf(details['gitBranch']),
    acrRegistry: textOf(details['acrRegistry']),
    helmChartVersion: textOf(details['helmChartVersion']),
    initiatedBy: textOf(details['initiatedBy']) ?? (recorded_by.email || recorded_by.subject),
    serviceVersions: texts(details['serviceVersions']),
  };
}

function coreOf(deployment: Deployment): DeploymentCore {
  const { subject, details } = deployment;
  return {
    id: deployment.id,
    kind: subject.kind,
    agent_id: subject.kind === 'agent' ? subject.name : null,
    gateway_id: deployment.gateway_id ?? null,
    environment: deployment.environment,
    content_digest: deployment.digest,
    status: deployment.status,
    deployed_at: deployment.deployed_at,
    completed_at: deployment.completed_at ?? null,
    live_at: deployment.live_at ?? null,
    resumed_at: deployment.resumed_at ?? null,
    failed_at: deployment.failed_at ?? null,
    ended_at: deployment.ended_at ?? null,
    notes: textOf(details['notes']),
    commits: commitsOf(deployment)?.map((commit) => ({ ...commit })) ?? null,
    unplanned: unplannedOf(deployment) ?? null,
    recorded: deployment.recorded,
    promotion_id: deployment.promotion_id ?? null,
    failure: deployment.failure ?? null,
  };
}

/** What auto-promotion would do, and what each rule says. */
export function autoPromotionView({ should_promote, decisive, verdicts }: Check): AutoPromotionView {
  return {
    should_promote,
    rule_id: decisive?.rule.id ?? null,
    reason: decisive?.reason ?? 'no_rule',
    detail: decisive?.detail ?? 'no active rule promotes from this environment by itself',
    explanation: decisive?.explanation ?? null,
    rules: verdicts.map((verdict) => ({
      rule_id: verdict.rule.id,
      rule_name: verdict.rule.name,
      target_environment: verdict.rule.target_environment,
      target_gateway_id: verdict.reason === 'conditions_met' ? verdict.target_gateway_id : null,
      should_promote: verdict.reason === 'conditions_met',
      reason: verdict.reason,
      detail: verdict.detail,
      explanation: verdict.explanation,
    })),
  };
}

function textOf(value: Json | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

function texts(value: Json | undefined): Record<string, string> {
  const entries: [string, string][] = [];
  for (const [name, text] of members(value)) if (typeof text === 'string') entries.push([name, text]);
  return Object.fromEntries(entries);
}

function scalars(value: Json | undefined): Record<string, string | number | boolean> {
  const entries: [string, string | number | boolean][] = [];
  for (const [name, scalar] of members(value)) {
    if (typeof scalar === 'string' || typeof scalar === 'number' || typeof scalar === 'boolean') {
      entries.push([name, scalar]);
    }
  }
  return Object.fromEntries(entries);
}

function members(value: Json | undefined): readonly (readonly [string, unknown])[] {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
}
