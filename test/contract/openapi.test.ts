import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from 'vitest';
import { ENDPOINTS } from '../../functions/contract/all.ts';
import { openApi } from '../../functions/contract/openapi.ts';
import { PROBLEM_STATUS, REFUSAL_STATUS } from '../../functions/contract/problem.ts';
import { administrationRoutes } from '../../functions/handlers/http/administration.ts';
import { approvalLinkRoutes } from '../../functions/handlers/http/approval-link-routes.ts';
import { auditRoutes } from '../../functions/handlers/http/audit-routes.ts';
import { catalogRoutes } from '../../functions/handlers/http/catalog.ts';
import { configRoutes } from '../../functions/handlers/http/config-routes.ts';
import { deploymentRoutes } from '../../functions/handlers/http/deployment-routes.ts';
import { evidenceRoutes } from '../../functions/handlers/http/evidence-routes.ts';
import { metaRoutes } from '../../functions/handlers/http/meta-routes.ts';
import { notificationChannelRoutes } from '../../functions/handlers/http/notification-channel-routes.ts';
import { promotionReadRoutes } from '../../functions/handlers/http/promotion-read-routes.ts';
import { promotionRoutes } from '../../functions/handlers/http/promotion-routes.ts';
import { signInRoutes } from '../../functions/handlers/http/sign-in-routes.ts';
import { slackLinkRoutes } from '../../functions/handlers/http/slack-link-routes.ts';
import { slackRoutes } from '../../functions/handlers/http/slack-routes.ts';

const ROUTES = [
  ...promotionRoutes,
  ...promotionReadRoutes,
  ...catalogRoutes,
  ...auditRoutes,
  ...administrationRoutes,
  ...configRoutes,
  ...deploymentRoutes,
  ...evidenceRoutes,
  ...notificationChannelRoutes,
  ...metaRoutes,
  ...signInRoutes,
  ...slackLinkRoutes,
  ...slackRoutes,
  ...approvalLinkRoutes,
];
const text = JSON.stringify(openApi());
const document = JSON.parse(text);

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
      const name = /^#\/components\/schemas\/(\w+)$/.exec(reference)?.[1] ?? reference;
      expect(document.components.schemas).toHaveProperty([name]);
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

  it('says every problem an operation may answer, each under its own status', () => {
    const { responses } = document.paths['/api/v1/promotions/{id}/approve'].post;
    expect(responses['403'].description).toBe(
      '`not_authorized`, `tenant_mismatch`, `separation_of_duties`, `governor`',
    );
    for (const [code, status] of Object.entries(REFUSAL_STATUS))
      expect(PROBLEM_STATUS).toHaveProperty(code, status);
  });
});
