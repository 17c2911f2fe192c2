import { dynamoBearerStores } from '../../functions/adapters/dynamodb/bearer-stores.ts';
import { dynamoLogTree } from '../../functions/adapters/dynamodb/log-tree.ts';
import { dynamoNotificationStores } from '../../functions/adapters/dynamodb/notification-stores.ts';
import type { Table } from '../../functions/adapters/dynamodb/table.ts';
import type { ApprovalPolicy } from '../../functions/domain/catalog/approval-policy.ts';
import type { Rule } from '../../functions/domain/catalog/rule.ts';
import type { Channel } from '../../functions/domain/notification/channel.ts';
import { notifyHandler } from '../../functions/handlers/events/notify.ts';
import { promotionRoutes } from '../../functions/handlers/http/promotion-routes.ts';
import { httpHandler } from '../../functions/handlers/http/stack.ts';
import type { Write } from '../../functions/ports/transaction.ts';
import { memberOf } from '../../functions/use-cases/administration/found-tenant.ts';
import { recordDeployment } from '../../functions/use-cases/deployments/record.ts';
import { deliver } from '../../functions/use-cases/notifications/deliver.ts';
import { emailSender } from '../../functions/use-cases/notifications/email-sender.ts';
import { feedLogs } from '../../functions/use-cases/transparency-log/feed.ts';
import { createWorld, T0, type World } from '../statemachines/support/world.ts';
import type { Engine } from '../support/engine.ts';
import { memoryLogObjects } from '../support/memory/log.ts';
import { type Meter, meter, reset } from '../support/metered.ts';
import { testNoteSigner } from '../support/signer.ts';
import { DEV } from '../use-cases/promotions/people.ts';
import { answered } from './event.ts';
import { testLog } from './log.ts';

const PROMOTIONS = 10;
/** With six events each: about ten in a batch of the log. */
const IN_A_BATCH = 2;
const [RULES, POLICIES] = [20, 5];

type Units = { readonly write: number; readonly read: number };

/** Steps, with the write units (1 KB) and read units (4 KB) that each takes. */
export type Spent = ReadonlyMap<string, Units>;

/**
 * What one approved promotion costs with everything: over HTTP with an Idempotency-Key each, beside 20 rules, 5 policies and a freeze to come,
 * a mail channel that hears all, and the log's share. Units of the real table, averages of ten promotions of ten agents.
 */
export async function everythingCosts(engine: Engine): Promise<Spent> {
  const opened: { readonly table: Table; readonly used: Meter }[] = [];
  const world = await createWorld({
    ...engine,
    open(overrides) {
      const table = engine.open(overrides);
      opened.push({ table, used: meter(table) });
      return table;
    },
  });
  const [first] = opened;
  if (first === undefined) throw new Error('the world opened no table');
  const { table, used } = first;
  await standEverything(world);
  const spent = new Map<string, Units>();
  const counted = async <T>(step: string, act: () => Promise<T>): Promise<T> => {
    reset(used);
    const answer = await act();
    const { write, read } = spent.get(step) ?? { write: 0, read: 0 };
    spent.set(step, {
      write: write + used.writeUnits / PROMOTIONS,
      read: read + used.readUnits / PROMOTIONS,
    });
    return answer;
  };
  const feed = feeder(world, table);
  for (let n = 0; n < PROMOTIONS; n += 1) {
    await promoted(world, table, n, counted);
    if (n % IN_A_BATCH === IN_A_BATCH - 1) await counted('the log', feed);
  }
  return spent;
}

type Counted = <T>(step: string, act: () => Promise<T>) => Promise<T>;

async function promoted(world: World, table: Table, n: number, counted: Counted): Promise<void> {
  const { tenant, deps, host, published } = world;
  const subject = { kind: 'agent', name: `agent-${n}` } as const;
  const report = { id: `dep-${n}`, subject, environment: 'staging', gateway_id: 'gw-staging' } as const;
  await recordDeployment(deps, {
    principal: { ...DEV, tenant },
    report: { ...report, status: 'DEPLOYED', details: {} },
  });
  await host.pump();
  const [stores, site] = [dynamoBearerStores(table), { url: 'https://sluice.example' }];
  const handler = httpHandler(
    promotionRoutes,
    () => deps,
    testLog(),
    () => ({ ...deps, ...stores, site }),
  );
  const send = async (sub: string, path: string, body?: object) => {
    const headers = { 'x-tenant-id': tenant, 'idempotency-key': `${sub}-${path}-${n}` };
    const call = { method: 'POST', path: `/api/v1/promotions${path}`, signer: { sub }, headers };
    const answer = await answered(handler, body === undefined ? call : { ...call, body });
    if (answer.status >= 300) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const told = async (step: string) => {
    const news = published.splice(0);
    await counted(`mail: ${step}`, async () => {
      for (const event of news) await mailed(world, table, event);
    });
  };
  published.splice(0);
  const { id } = await counted('request', () =>
    send('dev', '', {
      agent_id: subject.name,
      source_deployment_id: report.id,
      target_gateway_id: 'gw-789',
      target_environment: 'production',
    }),
  );
  await told('requested');
  await counted('workflow to the wait', () => host.pump());
  await counted('approve', () => send('alice', `/${id}/approve`));
  await told('approved');
  await counted('execute', () => send('dev', `/${id}/execute`));
  await counted('workflow to the outcome', () => host.pump());
  await told('completed');
  const { state } = (await deps.promotions.read(tenant, id)) ?? {};
  if (state?.status !== 'completed') throw new Error(`not completed: ${state?.status}`);
}

/** As the functions behind the bus and the queue do it. */
async function mailed(world: World, table: Table, event: object): Promise<void> {
  const { deps } = world;
  const stores = dynamoNotificationStores(table);
  const mailer = { send: async () => ({ outcome: 'delivered' }) as const };
  const other = { send: refused, drift: refused };
  const email = emailSender({ ...deps, ...stores, mailer });
  const queue = {
    async send(messages: readonly { readonly message: unknown }[]) {
      for (const { message } of messages as readonly { readonly message: Parameters<typeof deliver>[1] }[])
        await deliver({ ...deps, ...stores, senders: { email, webhook: other, slack: other } }, message, {
          last: false,
        });
    },
  };
  await notifyHandler(
    () => ({ ...deps, queue }),
    testLog(),
    () => {},
  )({ detail: event });
}

async function refused(): Promise<never> {
  throw new Error('there is a mail channel alone');
}

function feeder({ deps }: World, table: Table): () => Promise<void> {
  const log = {
    ...deps,
    logTree: dynamoLogTree(table),
    logObjects: memoryLogObjects(),
    noteSigner: testNoteSigner,
  };
  return async () => {
    await feedLogs(log, '2999-01-01T00:00:00.000Z');
  };
}

async function standEverything({ tenant, deps }: World): Promise<void> {
  const kept = { version: 1, created_at: T0, updated_at: T0 } as const;
  const rules = Array.from(
    { length: RULES },
    (_, n): Rule => ({
      ...kept,
      id: `rule-${n}`,
      name: `rule ${n}`,
      source_environment: 'staging',
      target_environment: 'production',
      requires_approval: true,
      auto_promote: false,
      required_approvers: 1,
      conditions: null,
      status: 'active',
    }),
  );
  const policies = Array.from(
    { length: POLICIES },
    (_, n): ApprovalPolicy => ({
      ...kept,
      id: `policy-${n}`,
      name: `policy ${n}`,
      environments: ['production'],
      required_approvers: 1,
      groups: [],
      separation_of_duties: {
        requester: true,
        author: true,
        previous_promoter: false,
        evidence_producer: false,
      },
      expires_after: 'P7D',
      require_comment: false,
    }),
  );
  const channel: Channel = {
    ...kept,
    id: 'mails',
    tenant,
    name: 'mails',
    filter: { events: 'all', environments: 'all', severities: 'all' },
    status: 'active',
    since: T0,
    created_by: 'admin',
    type: 'email',
    recipients: ['team@acme.com'],
  };
  const freeze = {
    ...kept,
    id: 'frz-1',
    environment: 'production',
    reason: 'stocktaking',
    starts_at: '2026-12-24T00:00:00.000Z',
    ends_at: '2026-12-27T00:00:00.000Z',
    mode: 'deny',
    on_due: 'wait',
    created_by: 'admin',
  } as const;
  const writes: readonly Write[] = [
    ...rules.map((item): Write => ({ write: 'catalog', entry: { type: 'rule', item }, expected: 0 })),
    ...policies.map((item): Write => ({ write: 'catalog', entry: { type: 'policy', item }, expected: 0 })),
    { write: 'catalog', entry: { type: 'channel', item: channel }, expected: 0 },
    { write: 'catalog', entry: { type: 'freeze', item: freeze }, expected: 0 },
    { write: 'membership', membership: memberOf(tenant, DEV, T0), expected: 0 },
  ];
  const { committed } = await deps.transactions.commit(tenant, writes);
  if (!committed) throw new Error('it stands already');
}
