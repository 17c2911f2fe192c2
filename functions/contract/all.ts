import * as approvalLinks from './approval-links.ts';
import * as approvalPolicies from './approval-policies.ts';
import * as artifactRollbacks from './artifact-rollbacks.ts';
import * as artifacts from './artifacts.ts';
import * as audit from './audit.ts';
import * as configEntries from './config-entries.ts';
import * as configEvidence from './config-evidence.ts';
import * as configFiles from './config-files.ts';
import * as configPromotionReads from './config-promotion-reads.ts';
import * as configPromotions from './config-promotions.ts';
import * as configuration from './configuration.ts';
import * as consumers from './consumers.ts';
import * as dashboard from './dashboard.ts';
import * as deploymentMetrics from './deployment-metrics.ts';
import * as deployments from './deployments.ts';
import * as drift from './drift.ts';
import type { Endpoint } from './endpoint.ts';
import * as environments from './environments.ts';
import * as evidence from './evidence.ts';
import * as flagExplanations from './flag-explanations.ts';
import * as flagKeys from './flag-keys.ts';
import * as freezes from './freezes.ts';
import * as gateways from './gateways.ts';
import * as me from './me.ts';
import * as members from './members.ts';
import * as meta from './meta.ts';
import * as notificationChannels from './notification-channels.ts';
import * as ofrep from './ofrep.ts';
import * as overview from './overview.ts';
import * as pendingChanges from './pending-changes.ts';
import * as platformDeployments from './platform-deployments.ts';
import * as platformRollbacks from './platform-rollbacks.ts';
import * as promotionReads from './promotion-reads.ts';
import * as promotions from './promotions.ts';
import * as registries from './registries.ts';
import * as rules from './rules.ts';
import * as signIn from './sign-in.ts';
import * as slack from './slack.ts';
import * as tenants from './tenants.ts';
import * as transparencyLog from './transparency-log.ts';

const SLICES: readonly { readonly [name: string]: unknown }[] = [
  promotions,
  promotions.promotionVerbs,
  promotionReads,
  rules,
  approvalPolicies,
  audit,
  transparencyLog,
  drift,
  environments,
  freezes,
  gateways,
  artifacts,
  artifactRollbacks,
  registries,
  consumers,
  configuration,
  notificationChannels,
  configEntries,
  configFiles,
  configPromotions,
  configEvidence,
  configPromotionReads,
  configPromotions.configPromotionVerbs,
  ofrep,
  flagExplanations,
  flagKeys,
  deployments,
  deploymentMetrics,
  platformDeployments,
  platformRollbacks,
  evidence,
  me,
  members,
  pendingChanges,
  tenants,
  signIn,
  slack,
  approvalLinks,
  dashboard,
  overview,
  meta,
];

/** Every operation of the HTTP API: whatever a slice exports as an endpoint, or a noun that it describes has. */
export const ENDPOINTS: readonly Endpoint[] = SLICES.flatMap((slice) =>
  Object.values(slice).flatMap((each) => {
    if (isEndpoint(each)) return [each];
    return isNoun(each) ? Object.values(each.endpoints).filter(isEndpoint) : [];
  }),
);

function isEndpoint(value: unknown): value is Endpoint {
  return typeof value === 'object' && value !== null && 'operation' in value && 'path' in value;
}

function isNoun(value: unknown): value is { readonly endpoints: object } {
  return (
    typeof value === 'object' && value !== null && 'endpoints' in value && typeof value.endpoints === 'object'
  );
}
