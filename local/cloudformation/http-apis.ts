import * as z from 'zod';
import { functionNameIn } from './physical.ts';
import type { Deployed } from './stack.ts';

/** Who may pass a route. */
export type RouteAuthorizer =
  | { readonly kind: 'none' }
  | { readonly kind: 'iam' }
  | {
      readonly kind: 'jwt';
      readonly issuer: string;
      readonly audience: readonly string[];
      /** The token must hold one of these, when there are any. */
      readonly scopes: readonly string[];
    };

/** A route of an HTTP API, bound to a function. */
export interface Route {
  /** `<METHOD> <path>` or `$default`, as events carry it. */
  readonly key: string;
  readonly functionName: string;
  readonly timeoutMs: number;
  readonly authorizer: RouteAuthorizer;
}

/** An HTTP API (payload format 2.0). */
export interface HttpApi {
  readonly id: string;
  readonly routes: readonly Route[];
}

const apiRef = z.looseObject({ ApiId: z.string() });
const routeSchema = apiRef.extend({
  RouteKey: z.string(),
  Target: z.string(),
  AuthorizationType: z.enum(['NONE', 'JWT', 'AWS_IAM']).default('NONE'),
  AuthorizerId: z.string().optional(),
  AuthorizationScopes: z.array(z.string()).default([]),
});
const integrationSchema = apiRef.extend({
  IntegrationType: z.literal('AWS_PROXY'),
  IntegrationUri: z.string(),
  PayloadFormatVersion: z.literal('2.0'),
  TimeoutInMillis: z.number().default(30_000),
});
const authorizerSchema = apiRef.extend({
  AuthorizerType: z.literal('JWT'),
  IdentitySource: z.array(z.literal('$request.header.Authorization')),
  JwtConfiguration: z.object({ Audience: z.array(z.string()), Issuer: z.string() }),
});

/** The HTTP APIs of the template in their order. Throws on an integration or authorizer that is not served locally. */
export function readHttpApis(deployed: Deployed): readonly HttpApi[] {
  const integrations = byRef(deployed, 'AWS::ApiGatewayV2::Integration', integrationSchema);
  const authorizers = byRef(deployed, 'AWS::ApiGatewayV2::Authorizer', authorizerSchema);
  const routes = deployed
    .resources('AWS::ApiGatewayV2::Route')
    .map((resource) => routeSchema.parse(resource.properties));
  return deployed.resources('AWS::ApiGatewayV2::Api').map(({ physical }) => ({
    id: physical.ref,
    routes: routes
      .filter((route) => route.ApiId === physical.ref)
      .map((route) => {
        const integration = integrations.get(route.Target.replace('integrations/', ''));
        const functionName = functionNameIn(integration?.IntegrationUri ?? '');
        if (integration === undefined || functionName === undefined) {
          throw new Error(`The route ${route.RouteKey} leads to no function.`);
        }
        return {
          key: route.RouteKey,
          functionName,
          timeoutMs: integration.TimeoutInMillis,
          authorizer: authorizerOf(route, authorizers),
        };
      }),
  }));
}

function authorizerOf(
  route: z.infer<typeof routeSchema>,
  authorizers: ReadonlyMap<string, z.infer<typeof authorizerSchema>>,
): RouteAuthorizer {
  switch (route.AuthorizationType) {
    case 'NONE':
      return { kind: 'none' };
    case 'AWS_IAM':
      return { kind: 'iam' };
    case 'JWT': {
      const authorizer = authorizers.get(route.AuthorizerId ?? '');
      if (authorizer === undefined) throw new Error(`The route ${route.RouteKey} has no authorizer.`);
      const { Issuer: issuer, Audience: audience } = authorizer.JwtConfiguration;
      return { kind: 'jwt', issuer, audience, scopes: route.AuthorizationScopes };
    }
    default:
      return route.AuthorizationType satisfies never;
  }
}

function byRef<T extends z.ZodType>(deployed: Deployed, type: string, schema: T): Map<string, z.infer<T>> {
  return new Map(
    deployed.resources(type).map((resource) => [resource.physical.ref, schema.parse(resource.properties)]),
  );
}
