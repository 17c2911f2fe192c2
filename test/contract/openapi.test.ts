import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { signedHeaders } from '../../functions/adapters/webhook/signature.ts';
import { ENDPOINTS } from '../../functions/contract/all.ts';
import { ANSWERS, BODIES } from '../../functions/contract/examples.ts';
import { openApi } from '../../functions/contract/openapi.ts';
import { TAGS } from '../../functions/contract/openapi-words.ts';
import { PROBLEM_STATUS, REFUSAL_STATUS } from '../../functions/contract/problem.ts';
import { liveEvent, promotionEvent } from '../../functions/domain/notification/promotion-event.ts';
import { administrationRoutes } from '../../functions/handlers/http/administration-routes.ts';
import { approvalLinkRoutes } from '../../functions/handlers/http/approval-link-routes.ts';
import { artifactRollbackRoutes } from '../../functions/handlers/http/artifact-rollback-routes.ts';
import { artifactRoutes } from '../../functions/handlers/http/artifact-routes.ts';
import { auditRoutes } from '../../functions/handlers/http/audit-routes.ts';
import { catalogRoutes } from '../../functions/handlers/http/catalog.ts';
import { configEvidenceRoutes } from '../../functions/handlers/http/config-evidence-routes.ts';
import { configRoutes } from '../../functions/handlers/http/config-routes.ts';
import { configurationRoutes } from '../../functions/handlers/http/configuration-routes.ts';
import { consumerRoutes } from '../../functions/handlers/http/consumer-routes.ts';
import { dashboardRoutes } from '../../functions/handlers/http/dashboard-routes.ts';
import { deploymentMetricsRoutes } from '../../functions/handlers/http/deployment-metrics-routes.ts';
import { deploymentRoutes } from '../../functions/handlers/http/deployment-routes.ts';
import { evidenceRoutes } from '../../functions/handlers/http/evidence-routes.ts';
import { logRoutes } from '../../functions/handlers/http/log-routes.ts';
import { metaRoutes } from '../../functions/handlers/http/meta-routes.ts';
import { notificationChannelRoutes } from '../../functions/handlers/http/notification-channel-routes.ts';
import { overviewRoutes } from '../../functions/handlers/http/overview-routes.ts';
import { promotionReadRoutes } from '../../functions/handlers/http/promotion-read-routes.ts';
import { promotionRoutes } from '../../functions/handlers/http/promotion-routes.ts';
import { signInRoutes } from '../../functions/handlers/http/sign-in-routes.ts';
import { slackLinkRoutes } from '../../functions/handlers/http/slack-link-routes.ts';
import { slackRoutes } from '../../functions/handlers/http/slack-routes.ts';
import { promotionAfter } from '../support/decider-specification.ts';
import { PLACES } from '../support/promotions.ts';

const ROUTES = [
  ...promotionRoutes,
  ...promotionReadRoutes,
  ...catalogRoutes,
  ...artifactRoutes,
  ...artifactRollbackRoutes,
  ...consumerRoutes,
  ...configurationRoutes,
  ...auditRoutes,
  ...logRoutes,
  ...administrationRoutes,
  ...configRoutes,
  ...deploymentRoutes,
  ...deploymentMetricsRoutes,
  ...configEvidenceRoutes,
  ...evidenceRoutes,
  ...notificationChannelRoutes,
  ...metaRoutes,
  ...signInRoutes,
  ...slackLinkRoutes,
  ...slackRoutes,
  ...approvalLinkRoutes,
  ...dashboardRoutes,
  ...overviewRoutes,
];
const text = JSON.stringify(openApi());
const document = JSON.parse(text);
/** What stands inside a schema: its members, items and forms. */
const parts = (schema: unknown) =>
  Object.entries(Object(schema)).map(([name, one]) =>
    name === 'properties' ? Object.values(Object(one)) : one,
  );

describe('the description of the API', () => {
  it('is valid OpenAPI 3.1', async () => {
    const result = await new Validator().validate(document);
    expect(result.errors ?? []).toEqual([]);
    expect(result.valid).toBe(true);
  });

  it('describes every route that is served, and serves every one described', () => {
    const served = ROUTES.map(({ endpoint }) => `${endpoint.method} ${endpoint.path} ${endpoint.operation}`);
    const described = ENDPOINTS.map(({ method, path, operation }) => `${method} ${path} ${operation}`);
    expect(served.toSorted()).toEqual(described.toSorted());
    expect(new Set(served).size).toBe(served.length);
  });

  it('has every operation once, by a name of its own', () => {
    const operations = Object.values<object>(document.paths).flatMap((path) => Object.values(path));
    const names = operations.map(({ operationId }) => operationId);
    expect(new Set(names).size).toBe(names.length);
    expect(names.toSorted()).toEqual(ENDPOINTS.map(({ operation }) => operation).toSorted());
  });

  it('leads every reference somewhere', () => {
    const references = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference = '']) => reference);
    expect(references.length).toBeGreaterThan(50);
    for (const reference of new Set(references)) {
      const [, kind = '', name = ''] = /^#\/components\/(\w+)\/(\w+)$/.exec(reference) ?? [];
      expect(document.components, reference).toHaveProperty([kind, name]);
    }
  });

  it('says which bodies are needed and which queries mean numbers', () => {
    const { paths } = document;
    expect(paths['/api/v1/promotions/{id}/reject'].post.requestBody.required).toBe(true);
    expect(paths['/api/v1/promotions/{id}/approve'].post.requestBody.required).toBe(false);
    expect(paths['/api/v1/promotions/{id}/execute'].post).not.toHaveProperty('requestBody');
    const [limit] = paths['/api/v1/promotions'].get.parameters;
    expect(limit).toMatchObject({ name: 'limit', in: 'query', schema: { type: 'integer', maximum: 100 } });
    expect(paths['/healthz'].get.security).toEqual([]);
  });

  it('describes every operation, parameter, group and header in words', () => {
    const operations = Object.values<object>(document.paths).flatMap((path) => Object.values(path));
    for (const { operationId, summary, description, parameters } of operations) {
      expect(summary.length, summary).toBeLessThanOrEqual(72);
      expect(description, operationId).toMatch(/^.{10,}[.!?]$/);
      for (const one of parameters) expect(one.description, `${operationId} ${one.name}`).toMatch(/\w/);
    }
    for (const { name, description } of document.tags) expect(description, name).toMatch(/ .*\.$/);
    expect(Object.keys(TAGS).sort()).toEqual([...new Set(ENDPOINTS.map(({ tag }) => tag))].sort());
  });

  it('shows examples that its own schemas take', () => {
    for (const [operation, body] of Object.entries(BODIES)) {
      const endpoint = ENDPOINTS.find((one) => one.operation === operation);
      expect(endpoint && z.safeParse(endpoint.body, body).error, operation).toBeUndefined();
      expect(endpoint, operation).toBeDefined();
    }
    for (const [operation, answer] of Object.entries(ANSWERS)) {
      const endpoint = ENDPOINTS.find((one) => one.operation === operation);
      expect(endpoint?.response && z.safeParse(endpoint.response, answer).success, operation).toBe(true);
    }
    const { example } = document.paths['/api/v1/promotions'].post.requestBody.content['application/json'];
    expect(example).toEqual(BODIES['createPromotion']);
  });

  it('says which headers answers carry, and that anything may be throttled', () => {
    const { responses } = document.paths['/api/v1/environments/{environment}'].put;
    expect(responses['200'].headers).toHaveProperty('ETag');
    expect(document.paths['/api/v1/promotions'].post.responses['201'].headers).toHaveProperty('Location');
    const execute = document.paths['/api/v1/promotions/{id}/execute'].post;
    expect(execute.responses['202'].headers).toHaveProperty('Retry-After');
    const all = Object.values<object>(document.paths).flatMap((path) => Object.values(path));
    expect(all.filter((one) => one.responses['429'] === undefined)).toEqual([]);
  });

  it('describes the webhook as it is sent', () => {
    const { parameters, requestBody } = document.webhooks.promotionEvent.post;
    const keys = [Buffer.alloc(24)];
    const sent = signedHeaders(keys, { id: 'a', timestamp: 1, body: '' });
    expect(parameters.map(({ name }: { name: string }) => name)).toEqual(Object.keys(sent));
    expect(requestBody.content).toHaveProperty('application/cloudevents+json');
    const { state, events } = promotionAfter(...PLACES.completed);
    for (const stored of events) {
      const event = liveEvent(state, stored) ?? promotionEvent(state, stored);
      expect(Object.keys(event).sort()).toEqual(
        [...document.components.schemas.WebhookEvent.required].sort(),
      );
      const data = document.components.schemas.WebhookEventData;
      expect(Object.keys(event.data).sort()).toEqual([...data.required].sort());
      const custom = Object.keys(document.components.schemas.WebhookEventDataCustomData.properties);
      expect(custom).toEqual(expect.arrayContaining(Object.keys(event.data.customData)));
    }
  });

  it('has a name for every object in it', () => {
    const inner = JSON.stringify(Object.values(document.components.schemas).map(parts)).match(
      /"properties":\{"/g,
    );
    expect(inner).toBeNull();
    expect(document.components.schemas.JsonValue).toEqual({ description: 'Any JSON value.' });
  });

  it('says every problem an operation may answer, each under its own status', () => {
    const { responses } = document.paths['/api/v1/promotions/{id}/approve'].post;
    expect(responses['403'].description).toBe(
      '`not_authorized`, `tenant_mismatch`, `separation_of_duties`, `governor`',
    );
    for (const [code, status] of Object.entries(REFUSAL_STATUS))
      expect(PROBLEM_STATUS).toHaveProperty(code, status);
  });
});
