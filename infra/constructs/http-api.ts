import { Validations } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  HttpApi,
  HttpIntegrationType,
  HttpMethod,
  HttpNoneAuthorizer,
  HttpRoute,
  HttpRouteIntegration,
  type HttpRouteIntegrationConfig,
  HttpRouteKey,
  HttpStage,
  type IHttpRouteAuthorizer,
  IntegrationCredentials,
  LogGroupLogDestination,
  PayloadFormatVersion,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { ELSE, type HttpPath, type OpenPath } from '../declaration.ts';
import { KEPT } from './keeping.ts';
import type { SluiceFunction } from './sluice-function.ts';

/**
 * Requests per second over all tenants, and the burst above it: what 1,000 concurrent functions (an account's default) can
 * answer with room to spare. Limits per tenant are the application's own; an HTTP API has none.
 */
const THROTTLE = { rateLimit: 500, burstLimit: 1000 } as const;

/** Names the route and never the path: a path can hold an approval token, an id or a branch name. */
const ACCESS_LOG = {
  requestId: '$context.requestId',
  time: '$context.requestTimeEpoch',
  route: '$context.routeKey',
  method: '$context.httpMethod',
  status: '$context.status',
  latency_ms: '$context.responseLatency',
  integration_latency_ms: '$context.integrationLatency',
  integration_error: '$context.integrationErrorMessage',
  authorizer_error: '$context.authorizer.error',
  response_bytes: '$context.responseLength',
} as const;

export type SluiceHttpApiProps = {
  readonly description: string;
  readonly authorizer: IHttpRouteAuthorizer;
  readonly functions: readonly SluiceFunction[];
  /** Whether browsers come here: serves the pages too. */
  readonly pages: boolean;
};

const PAGE_REASON =
  'The function knows people by the session cookie of the pages, and of a write demands our own Origin and the token of that session.';

/** Whether pages may ask for what stands at a path. */
export const isForPages = (path: string): boolean => path.startsWith('/api/');

/** A function, called with the rights of a role. */
class FunctionIntegration extends HttpRouteIntegration {
  readonly #fn: SluiceFunction;
  readonly #caller: Role;

  constructor(id: string, fn: SluiceFunction, caller: Role) {
    super(id);
    this.#fn = fn;
    this.#caller = caller;
  }

  override bind(): HttpRouteIntegrationConfig {
    return {
      type: HttpIntegrationType.AWS_PROXY,
      uri: this.#fn.functionArn,
      payloadFormatVersion: PayloadFormatVersion.VERSION_2_0,
      credentials: IntegrationCredentials.fromRole(this.#caller),
    };
  }
}

/** The paths of the routes that a declared path takes. */
const routesOf = (path: string, below: HttpPath['below']): readonly string[] => [
  ...(below === 'only' ? [] : [path]),
  ...(below === false ? [] : [`${path}/{proxy+}`]),
];

/** One HTTP API in front of the resource functions; who may call is the authorizer's business. */
export class SluiceHttpApi extends Construct {
  readonly api: HttpApi;
  /** Calls the functions: one resource, where a permission for each would be twenty. */
  readonly #caller: Role;

  constructor(
    scope: Construct,
    id: string,
    { description, authorizer, functions, pages }: SluiceHttpApiProps,
  ) {
    super(scope, id);
    this.api = new HttpApi(this, 'api', {
      description,
      createDefaultStage: false,
      defaultAuthorizer: authorizer,
    });
    const logGroup = new LogGroup(this, 'access', {
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: KEPT,
    });
    new HttpStage(this, 'stage', {
      httpApi: this.api,
      autoDeploy: true,
      throttle: THROTTLE,
      detailedMetricsEnabled: true,
      accessLogSettings: {
        destination: new LogGroupLogDestination(logGroup),
        format: AccessLogFormat.custom(JSON.stringify(ACCESS_LOG)),
      },
    });
    this.#caller = new Role(this, 'caller', { assumedBy: new ServicePrincipal('apigateway.amazonaws.com') });
    for (const fn of functions) this.route(fn, pages);
  }

  private route(fn: SluiceFunction, pages: boolean): void {
    const { name, trigger } = fn.declaration;
    if (trigger.type !== 'http') return;
    const paths: readonly HttpPath[] = trigger.paths;
    const served = paths.filter(({ open }) => open === false || !open.pages || pages);
    if (served.length === 0) return;
    this.#caller.addToPolicy(
      new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [fn.functionArn] }),
    );
    const integration = new FunctionIntegration(name, fn, this.#caller);
    for (const { path, below, open } of served) {
      if (open !== false) for (const each of routesOf(path, below)) this.openRoute(each, open, integration);
      else {
        for (const each of routesOf(path, below)) {
          this.api.addRoutes({ path: each, methods: [HttpMethod.ANY], integration });
        }
        if (pages && isForPages(path)) this.pageRoute(path, integration);
      }
    }
  }

  /** The same operations for our own pages, which have a cookie in place of a token; their paths end so that one greedy route takes all. */
  private pageRoute(path: string, integration: FunctionIntegration): void {
    const authorizer = new HttpNoneAuthorizer();
    const methods = [HttpMethod.ANY];
    for (const route of this.api.addRoutes({
      path: `/web${path}/{proxy+}`,
      methods,
      integration,
      authorizer,
    })) {
      Validations.of(route).acknowledge({ id: 'AwsSolutions-APIG4', reason: PAGE_REASON });
    }
  }

  /** A route for anyone, whose reason is on record. */
  private openRoute(
    path: string,
    {
      methods: asked = ['ANY'],
      reason,
    }: Pick<OpenPath, 'reason'> & { readonly methods?: readonly (keyof typeof HttpMethod)[] },
    integration: FunctionIntegration,
  ): void {
    const authorizer = new HttpNoneAuthorizer();
    const methods = asked.map((method) => HttpMethod[method]);
    const routes =
      path === ELSE
        ? [
            new HttpRoute(this, 'else', {
              httpApi: this.api,
              routeKey: HttpRouteKey.DEFAULT,
              integration,
              authorizer,
            }),
          ]
        : this.api.addRoutes({ path, methods, integration, authorizer });
    for (const route of routes) {
      Validations.of(route).acknowledge({ id: 'AwsSolutions-APIG4', reason });
    }
  }
}
