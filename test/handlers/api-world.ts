import { brotliCompressSync, gzipSync } from 'node:zlib';
import { sigstoreSignatures } from '../../functions/adapters/sigstore/signatures.ts';
import { unguessable } from '../../functions/adapters/unguessable.ts';
import { Fault } from '../../functions/domain/faults.ts';
import { actorOf } from '../../functions/domain/identity/principal.ts';
import type { Channel } from '../../functions/domain/notification/channel.ts';
import type { DriftNotice } from '../../functions/domain/notification/drift-notice.ts';
import type { Notice } from '../../functions/domain/notification/notice.ts';
import type { SlackClick } from '../../functions/domain/slack/click.ts';
import { seedHandler } from '../../functions/handlers/events/seed.ts';
import { administrationRoutes } from '../../functions/handlers/http/administration-routes.ts';
import { approvalLinkRoutes } from '../../functions/handlers/http/approval-link-routes.ts';
import { artifactRollbackRoutes } from '../../functions/handlers/http/artifact-rollback-routes.ts';
import { artifactRoutes } from '../../functions/handlers/http/artifact-routes.ts';
import { type AuditDeps, auditRoutes } from '../../functions/handlers/http/audit-routes.ts';
import { type CatalogDeps, catalogRoutes } from '../../functions/handlers/http/catalog.ts';
import { configEvidenceRoutes } from '../../functions/handlers/http/config-evidence-routes.ts';
import { configRoutes } from '../../functions/handlers/http/config-routes.ts';
import { configurationRoutes } from '../../functions/handlers/http/configuration-routes.ts';
import { consumerRoutes } from '../../functions/handlers/http/consumer-routes.ts';
import { type DashboardDeps, dashboardRoutes } from '../../functions/handlers/http/dashboard-routes.ts';
import { deploymentMetricsRoutes } from '../../functions/handlers/http/deployment-metrics-routes.ts';
import { deploymentRoutes } from '../../functions/handlers/http/deployment-routes.ts';
import { type EvidenceDeps, evidenceRoutes } from '../../functions/handlers/http/evidence-routes.ts';
import { logRoutes } from '../../functions/handlers/http/log-routes.ts';
import { type MetaDeps, metaRoutes } from '../../functions/handlers/http/meta-routes.ts';
import {
  type NotificationChannelDeps,
  notificationChannelRoutes,
} from '../../functions/handlers/http/notification-channel-routes.ts';
import { overviewRoutes } from '../../functions/handlers/http/overview-routes.ts';
import { promotionReadRoutes } from '../../functions/handlers/http/promotion-read-routes.ts';
import { promotionRoutes } from '../../functions/handlers/http/promotion-routes.ts';
import type { Route } from '../../functions/handlers/http/route.ts';
import { type SignInDeps, signInRoutes } from '../../functions/handlers/http/sign-in-routes.ts';
import { type SlackLinkDeps, slackLinkRoutes } from '../../functions/handlers/http/slack-link-routes.ts';
import { type SlackRoutesDeps, slackRoutes } from '../../functions/handlers/http/slack-routes.ts';
import { httpHandler } from '../../functions/handlers/http/stack.ts';
import type { EgressRequest, EgressResult } from '../../functions/ports/egress.ts';
import type { DeployOutcome, DeployRequest } from '../../functions/ports/gateway-driver.ts';
import type { Sent } from '../../functions/ports/sender.ts';
import type { SiteFiles } from '../../functions/ports/site-files.ts';
import type { SlackSent } from '../../functions/ports/slack.ts';
import type { BearerStores, Stores } from '../../functions/ports/stores.ts';
import type { Write } from '../../functions/ports/transaction.ts';
import type { Deps } from '../../functions/use-cases/deps.ts';
import type { FeedDeps } from '../../functions/use-cases/transparency-log/feed.ts';
import { execute } from '../../functions/use-cases/workflow/execute.ts';
import { builtGuides } from '../support/built-guides.ts';
import { memoryLogObjects, memoryLogTree } from '../support/memory/log.ts';
import { noRegistries } from '../support/no-registries.ts';
import { noAlarms } from '../support/no-timers.ts';
import { providerOf, TestIssuer } from '../support/provider.ts';
import { memoryStores } from '../support/replayed-stores.ts';
import { testNoteSigner, testSigner } from '../support/signer.ts';
import { holdAgainstContract } from './against-contract.ts';
import { type Answer, answered, type Signer, type TestCall } from './event.ts';
import { testLog } from './log.ts';

export const ACME = 'acme';
export const GLOBEX = 'globex';
export const START = '2026-11-21T09:00:00.000Z';

/** People of the tests: name is subject, user id and the first part of the e-mail. `ops` is the operator. */
export const PEOPLE = [
  { tenant_id: ACME, tenant_name: 'Acme', user_id: 'dev', roles: ['developer', 'promoter'] },
  { tenant_id: ACME, user_id: 'alice', roles: ['approver'] },
  { tenant_id: ACME, user_id: 'bob', roles: ['approver'] },
  { tenant_id: ACME, user_id: 'admin', roles: ['admin'] },
  { tenant_id: ACME, user_id: 'viewer', roles: ['viewer'] },
  { tenant_id: ACME, user_id: 'nobody', roles: [] },
  { tenant_id: GLOBEX, user_id: 'carol', roles: ['admin', 'developer', 'promoter', 'approver', 'auditor'] },
  { tenant_id: 'sluice-ops', user_id: 'ops', roles: ['operator'] },
] as const;

export type Name = (typeof PEOPLE)[number]['user_id'];

const MACHINES = [
  {
    tenant_id: ACME,
    id: 'mach-ci',
    account_id: '123456789012',
    role_name: 'ci',
    unique_id: 'AROACI',
    owner: 'dev',
    roles: ['recorder'],
  },
] as const;

export const CI: Signer = { account: '123456789012', role: 'ci', unique: 'AROACI' };

/** What every Slack app of these tests signs with. */
export const SLACK_SECRET = 'signing secret of the tests';

export type World = Awaited<ReturnType<typeof createWorld>>;

export type WorldDeps = Deps &
  EvidenceDeps &
  CatalogDeps &
  NotificationChannelDeps &
  Pick<AuditDeps, 'signer'> &
  FeedDeps &
  SignInDeps &
  DashboardDeps &
  MetaDeps &
  SlackRoutesDeps &
  SlackLinkDeps &
  BearerStores;

/** A dashboard of two files. */
const SITE: SiteFiles = {
  async read(name, packing) {
    const text = { 'index.html': '<!doctype html><title>Sluice</title>', 'app-ABC.js': 'void 0;' }[name];
    if (text === undefined) return undefined;
    return packing === 'gzip' ? gzipSync(text) : brotliCompressSync(text);
  },
};

/** Every operation of the API behind one stack. */
export const ROUTES: readonly Route<WorldDeps>[] = [
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
  ...slackRoutes,
  ...slackLinkRoutes,
  ...approvalLinkRoutes,
  ...dashboardRoutes,
  ...overviewRoutes,
];

/**
 * Two tenants with people, a machine and the default pipeline, behind the real stack; time moves by `world.now`. Workflows are
 * started and woken by nobody but `run`, and gateways answer what `outcome` says. Every answer is held against the contract.
 */
export async function createWorld(stores: (now: () => string) => Stores & BearerStores = memoryStores) {
  let now = START;
  const store = stores(() => now);
  const numbers: Record<string, number> = {};
  const issuer = new TestIssuer(() => now);
  const deployed: DeployRequest[] = [];
  const asked: EgressRequest[] = [];
  const drifts: { readonly channel: Channel; readonly notice: DriftNotice }[] = [];
  const told: { readonly channel: Channel; readonly notice: Notice }[] = [];
  const world: {
    outcome: DeployOutcome;
    answer(request: EgressRequest): EgressResult;
    sent: Sent;
    opened: SlackSent;
    queueBroken: boolean;
    readonly clicks: SlackClick[];
    readonly forms: SlackClick[];
  } = {
    opened: { outcome: 'done' },
    queueBroken: false,
    clicks: [],
    forms: [],
    outcome: { outcome: 'live' },
    answer: () => ({ result: 'unanswered', message: 'nobody is there', late: false, sent: false }),
    sent: { outcome: 'delivered', reference: 'msg-1' },
  };
  const sender = {
    async send(channel: Channel, notice: Notice) {
      told.push({ channel, notice });
      return world.sent;
    },
    async drift(channel: Channel, notice: DriftNotice) {
      drifts.push({ channel, notice });
      return world.sent;
    },
  };
  const deps: WorldDeps = {
    ...store,
    clock: { now: () => now },
    ids: {
      next(prefix) {
        numbers[prefix] = (numbers[prefix] ?? 0) + 1;
        return `${prefix}-${String(numbers[prefix]).padStart(4, '0')}`;
      },
    },
    random: () => 0,
    sleep: async () => {},
    workflow: { start: async () => 'started', wake: async () => 'woken' },
    bus: { publish: async () => {} },
    scheduler: noAlarms,
    registries: noRegistries,
    driver: {
      async deploy(request) {
        deployed.push(request);
        return world.outcome;
      },
    },
    allowLoopback: false,
    signatures: sigstoreSignatures,
    egress: {
      async send(request) {
        asked.push(request);
        return world.answer(request);
      },
    },
    signer: testSigner,
    noteSigner: testNoteSigner,
    logTree: memoryLogTree(),
    logObjects: memoryLogObjects(),
    senders: { email: sender, webhook: sender, slack: sender },
    secrets: { read: async () => SLACK_SECRET },
    slack: {
      async ask(_, click) {
        world.forms.push(click);
        return world.opened;
      },
    },
    slackActions: {
      async send(clicks) {
        if (world.queueBroken) throw new Fault('Unavailable', 'the queue did not answer');
        world.clicks.push(...clicks);
      },
    },
    site: { url: 'https://sluice.test' },
    files: SITE,
    guides: builtGuides,
    provider: providerOf(issuer, () => now),
    unguessable,
  };
  const log = testLog();
  const people = PEOPLE.map((person) => ({ ...person, email: `${person.user_id}@${person.tenant_id}.com` }));
  await seedHandler(() => deps, testLog())({ people, machines: MACHINES, demo: false });

  /** One instance of a function that serves every route, and what it logged with the call that it serves. */
  function newInstance() {
    let keys = {};
    const about = (given: object) => {
      keys = given;
    };
    const wired = () => deps;
    return { handler: httpHandler(ROUTES, wired, { ...log, about }, wired), about, keys: () => keys };
  }
  const idle: ReturnType<typeof newInstance>[] = [];

  async function send(call: TestCall): Promise<Answer> {
    // Two calls at once are served by two instances, and an idle one serves the next.
    const instance = idle.pop() ?? newInstance();
    instance.about({});
    const answer = await answered(instance.handler, call);
    idle.push(instance);
    holdAgainstContract(answer, instance.keys());
    return answer;
  }

  return Object.assign(world, {
    deps,
    issuer,
    log,
    deployed,
    asked,
    told,
    drifts,
    send,
    at(instant: string) {
      now = instant;
    },
    /** A person's request; `body` is JSON. */
    as:
      (name: Name) =>
      (method: string, path: string, body?: unknown, headers: TestCall['headers'] = {}): Promise<Answer> =>
        send({ method, path, signer: { sub: name }, headers, ...(body === undefined ? {} : { body }) }),
    /** Writes straight to the store, as other functions do. */
    async commit(tenant: string, ...writes: Write[]): Promise<void> {
      const result = await deps.transactions.commit(tenant, writes);
      if (!result.committed) throw new Error(`lost: ${result.lost.join()}`);
    },
    /** The workflow's step Execute, as the state machine runs it. */
    run: (id: string, tenant: string = ACME) => execute(deps, { tenant, id }),
  });
}

export const DEV_ACTOR = actorOf({
  tenant: ACME,
  subject: 'dev',
  email: 'dev@acme.com',
  kind: 'person',
  groups: [],
  grants: [],
});
