import { beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { ENDPOINTS } from '../../functions/contract/all.ts';
import { atPage } from '../../functions/contract/dashboard.ts';
import type { Endpoint } from '../../functions/contract/endpoint.ts';
import { FUNCTIONS } from '../../infra/functions.ts';
import type { Route } from '../../local/cloudformation/http-apis.ts';
import { matchRoute } from '../../local/http-api/router.ts';
import { realTemplate, type SynthesizedTemplate } from '../support/template.ts';

const Handler = z.object({
  handler: z.custom<{ readonly operations: readonly string[] }>(
    (value) => typeof value === 'function' && 'operations' in value,
  ),
});

let template: SynthesizedTemplate;
/** The function that serves an operation. */
const serving = new Map<string, string>();
/** The routes of the API of people, and of that of machines, each leading to a function by its name. */
let people: readonly Route[];
let machines: readonly Route[];

beforeAll(async () => {
  template = await realTemplate();
  for (const { name, entry, trigger } of FUNCTIONS) {
    if (trigger.type !== 'http') continue;
    const { handler } = Handler.parse(await import(`../../functions/handlers/${entry}`));
    for (const operation of handler.operations) serving.set(operation, name);
  }
  const [of, others] = template.of('AWS::ApiGatewayV2::Api').map(({ id }) => routesOf(id));
  if (of === undefined || others === undefined) throw new Error('there are not two APIs');
  const isMachines = of.some(({ authorizer }) => authorizer.kind === 'iam');
  [people, machines] = isMachines ? [others, of] : [of, others];
}, 300_000);

function routesOf(api: string): readonly Route[] {
  const named = new Map(
    template
      .of('AWS::Lambda::Function')
      .map(({ id, properties }) => [id, String(properties.Environment?.Variables?.POWERTOOLS_SERVICE_NAME)]),
  );
  const integrations = new Map(
    template
      .of('AWS::ApiGatewayV2::Integration')
      .map(({ id, properties }) => [id, named.get(properties.IntegrationUri['Fn::GetAtt'][0]) ?? '']),
  );
  return template
    .of('AWS::ApiGatewayV2::Route')
    .filter(({ properties }) => properties.ApiId.Ref === api)
    .map(({ properties }) => ({
      key: properties.RouteKey,
      functionName: integrations.get(properties.Target['Fn::Join'][1][1].Ref) ?? '',
      timeoutMs: 1,
      authorizer: { kind: properties.AuthorizationType === 'AWS_IAM' ? 'iam' : 'none' },
    }));
}

/** A path of an endpoint, its variables filled in. */
const example = ({ path }: Pick<Endpoint, 'path'>): string =>
  path.replace(/\{\w+\+\}/g, 'a/b').replace(/\{\w+\}/g, 'one');

const to = (routes: readonly Route[], method: string, path: string) =>
  matchRoute(routes, method, path)?.route.functionName;

describe('the routes of the two APIs', () => {
  it('lead every operation to the function that serves it', () => {
    for (const endpoint of ENDPOINTS) {
      const { operation, method } = endpoint;
      const name = serving.get(operation);
      expect(name, `${operation} is served by no function`).toBeDefined();
      const path = example(endpoint);
      expect(to(people, method, path), `${method} ${path} for people`).toBe(name);
      if (!path.startsWith('/api/')) continue;
      expect(to(machines, method, path), `${method} ${path} for machines`).toBe(name);
      expect(to(people, method, atPage(path)), `${method} ${path} for pages`).toBe(name);
    }
  });

  it('lead what is no operation of the API to a function that says so', () => {
    for (const path of [
      '/api/v1/nothing',
      '/api/v1/overview/',
      '/api/v1/artifacts',
      '/api/v1/nothing/below/it',
    ])
      for (const routes of [people, machines]) expect(to(routes, 'GET', path), path).toBe('catalog');
    for (const path of ['/nothing', '/api', '/api/v1', '/healthz/'])
      expect(to(people, 'GET', path), path).toBe('meta');
  });

  it('are few enough to leave a third of a stack to others', () => {
    const greedy = template
      .of('AWS::ApiGatewayV2::Route')
      .filter(({ properties }) => properties.RouteKey.endsWith('+}'));
    expect(greedy.length).toBeLessThanOrEqual(75);
    expect(template.resources.length).toBeLessThanOrEqual(375);
  });
});
