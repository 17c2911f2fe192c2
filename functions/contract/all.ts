import * as approvalLinks from './approval-links.ts';
import * as approvalPolicies from './approval-policies.ts';
import * as audit from './audit.ts';
import * as configEntries from './config-entries.ts';
import * as configPromotions from './config-promotions.ts';
import * as deployments from './deployments.ts';
import type { Endpoint } from './endpoint.ts';
import * as environments from './environments.ts';
import * as evidence from './evidence.ts';
import * as freezes from './freezes.ts';
import * as gateways from './gateways.ts';
import * as members from './members.ts';
import * as meta from './meta.ts';
import * as notificationChannels from './notification-channels.ts';
import * as ofrep from './ofrep.ts';
import * as promotionReads from './promotion-reads.ts';
import * as promotions from './promotions.ts';
import * as rules from './rules.ts';
import * as signIn from './sign-in.ts';
import * as slack from './slack.ts';
import * as tenants from './tenants.ts';

const SLICES: readonly { readonly [name: string]: unknown }[] = [
  promotions,
  promotions.promotionVerbs,
  promotionReads,
  rules,
  rules.rules.endpoints,
  approvalPolicies,
  approvalPolicies.approvalPolicies.endpoints,
  audit,
  environments,
  environments.environments.endpoints,
  freezes,
  freezes.freezes.endpoints,
  gateways,
  gateways.gateways.endpoints,
  notificationChannels,
  notificationChannels.channels.endpoints,
  configEntries,
  configPromotions,
  configPromotions.configPromotionVerbs,
  ofrep,
  deployments,
  evidence,
  members,
  members.members.endpoints,
  members.machines.endpoints,
  tenants,
  signIn,
  slack,
  approvalLinks,
  meta,
];

/** Every operation of the HTTP API: whatever a slice exports as an endpoint, or a table of them holds. */
export const ENDPOINTS: readonly Endpoint[] = SLICES.flatMap((slice) =>
  Object.values(slice).filter(isEndpoint),
);

function isEndpoint(value: unknown): value is Endpoint {
  return typeof value === 'object' && value !== null && 'operation' in value && 'path' in value;
}
