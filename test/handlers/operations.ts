import { ENDPOINTS } from '../../functions/contract/all.ts';
import type { Endpoint } from '../../functions/contract/endpoint.ts';
import { administrationCalls } from './calls/administration.ts';
import { artifactCalls } from './calls/artifacts.ts';
import type { Call, Calls } from './calls/call.ts';
import { catalogCalls } from './calls/catalog.ts';
import { configCalls } from './calls/config.ts';
import { deploymentsCalls } from './calls/deployments.ts';
import { notificationCalls } from './calls/notifications.ts';
import { pageCalls } from './calls/pages.ts';
import { promotionsCalls } from './calls/promotions.ts';
import { slackCalls } from './calls/slack.ts';
import type { Furniture } from './furniture.ts';

/** A good call of each operation on what `furnish` has put there, and the action whose roles it takes. */
export type Operation = {
  readonly endpoint: Endpoint;
  readonly path: string;
  readonly body?: unknown;
  readonly action: Call['action'];
};

/** Exhaustive over the contract: `operations` throws on an operation without a call. */
const CALLS: Calls = {
  ...promotionsCalls,
  ...catalogCalls,
  ...deploymentsCalls,
  ...administrationCalls,
  ...configCalls,
  ...notificationCalls,
  ...pageCalls,
  ...slackCalls,
  ...artifactCalls,
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
      ...(call.bodyOf === undefined ? {} : { body: call.bodyOf(there) }),
    };
  });
}

function idFor({ tag, operation, path }: Endpoint, name: string, there: Furniture): string {
  if (path.startsWith('/api/v1/artifacts/')) return name === 'version' ? 'v1.0.0' : 'platform';
  if (path.startsWith('/api/v1/observations/')) {
    return name === 'environment' ? there.environment : name === 'kind' ? 'artifact' : 'platform';
  }
  if (path.startsWith('/problems/')) return 'not_found';
  if (path.startsWith('/docs/guides/')) return 'quick-start';
  if (path.startsWith('/docs/')) return 'config-promotions';
  if (name === 'imageTag') return 'v0';
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
    case 'notification channels':
      return there.channel;
    case 'gateways':
      return there.gateway;
    case 'registries':
      return there.registry;
    case 'flag keys':
      return there.flag_key;
    case 'consumers':
      return there.consumer;
    case 'members':
      return there.member;
    case 'principals':
      return there.machine;
    case 'pages':
      // The link of nobody: whoever guesses finds nothing.
      return 'A'.repeat(43);
    case 'pending changes':
      return there.pending;
    case 'tenants':
      return 'acme';
    case 'slack':
      return 'T1';
    default:
      if (tag.includes('deployment')) return there.deployment;
      throw new Error(`${operation}: nothing is called {${name}}`);
  }
}
