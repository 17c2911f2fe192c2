import { describe, expect, test } from 'vitest';
import type { Stores } from '../../functions/ports/stores.ts';
import type { Write } from '../../functions/ports/transaction.ts';
import type { Bench } from './adapters.ts';
import {
  environment,
  freeze,
  gateway,
  machine,
  membership,
  policy,
  rule,
  tenant as tenantSample,
} from './catalog-samples.ts';
import {
  AGENT,
  AT,
  DEV,
  deployment,
  head,
  later,
  promotion,
  promotionWrite,
  revision,
  SLOT,
  sha,
} from './samples.ts';

/** One of everything, under the same ids whichever the tenant; only IAM identities are unique across tenants. */
function everythingOf(t: string): Write[] {
  const workflowRecord = { work: ['start'], due_at: AT, attempt: 0, published: 0 } as const;
  return [
    promotionWrite(promotion(t, 'prom-1', 2), 0, workflowRecord),
    { write: 'head', head: head(1), expected: 0 },
    { write: 'revision', revision: revision(1) },
    { write: 'deployment', deployment: deployment('dep-1'), expected: 0 },
    {
      write: 'open',
      type: 'promotion',
      subject: AGENT,
      digest: sha('one'),
      target: 'staging',
      promotion_id: 'prom-1',
    },
    {
      write: 'attempt',
      deployment_id: 'dep-1',
      rule_id: 'rule-1',
      rule_version: 1,
      promotion_id: 'prom-1',
    },
    { write: 'hold', subject: AGENT, target: 'staging', held: true },
    {
      write: 'answer',
      answer: {
        key: sha('key'),
        body_digest: sha('body'),
        status: 201,
        headers: {},
        body: t,
        expires_at: later(60),
      },
    },
    { write: 'catalog', entry: { type: 'environment', item: environment('staging') }, expected: 0 },
    { write: 'catalog', entry: { type: 'rule', item: rule('rule-1') }, expected: 0 },
    { write: 'catalog', entry: { type: 'policy', item: policy('pol-1') }, expected: 0 },
    { write: 'catalog', entry: { type: 'gateway', item: gateway('gateway-1') }, expected: 0 },
    { write: 'catalog', entry: { type: 'freeze', item: freeze('frz-1') }, expected: 0 },
    { write: 'membership', membership: membership(t, 'sub-1'), expected: 0 },
    { write: 'machine', machine: machine(t, 'mach-1', 1, { unique_id: `AROA-${t}` }), expected: 0 },
    { write: 'tenant', tenant: tenantSample(t), expected: 0 },
  ];
}

/** Everything a tenant can read, by the same questions. */
async function view(stores: Stores, t: string) {
  const page = { limit: 50 };
  const ref = { tenant: t, id: 'prom-1' };
  const { promotions, heads, deployments, catalog, directory } = stores;
  return {
    promotion: await promotions.read(t, 'prom-1'),
    events: await promotions.events(t, 'prom-1'),
    list: await promotions.list(t, {}, page),
    place: await promotions.holderOfPlace(t, AGENT, sha('one'), 'staging', 'promotion'),
    hold: await promotions.onHold(t, AGENT, 'staging'),
    token: await stores.tokens.get(ref),
    head: await heads.read(t, SLOT),
    heads: await heads.ofSubject(t, AGENT),
    inEnvironment: await heads.inEnvironment(t, 'staging', page),
    revisions: await heads.revisions(t, SLOT, page),
    deployment: await deployments.read(t, 'dep-1'),
    byEnvironment: await deployments.list(t, { by: 'environment', environment: 'staging' }, page),
    byAgent: await deployments.list(t, { by: 'subject', subject: AGENT }, page),
    attempted: await deployments.attempted(t, 'dep-1', 'rule-1', 1),
    environment: await catalog.item(t, 'environment', 'staging'),
    environments: await catalog.all(t, 'environment'),
    rule: await catalog.item(t, 'rule', 'rule-1'),
    rules: await catalog.all(t, 'rule'),
    rulePage: await catalog.page(t, 'rule', page),
    policies: await catalog.all(t, 'policy'),
    gateway: await catalog.item(t, 'gateway', 'gateway-1'),
    gateways: await catalog.all(t, 'gateway'),
    freeze: await catalog.item(t, 'freeze', 'frz-1'),
    freezes: await catalog.all(t, 'freeze'),
    gatewayPage: await catalog.page(t, 'gateway', page),
    membership: await directory.membership(t, 'sub-1'),
    members: await directory.members(t, page),
    machine: await directory.machine(t, 'mach-1'),
    machines: await directory.machines(t, page),
    tenant: await directory.tenant(t),
    answer: await stores.answers.read(t, sha('key'), AT),
    denials: await stores.denials.list(t, page),
  };
}

/** Everything by the id of one tenant; with another's id, or one that looks like its keys, nothing. */
export function isolationContract({ stores, tenant }: Bench): void {
  async function filled(t: string): Promise<void> {
    expect(await stores().transactions.commit(t, everythingOf(t))).toEqual({ committed: true });
    await stores().tokens.put(
      { tenant: t, id: 'prom-1' },
      { token: t, attempt: 1, entered_time: AT, retry_count: 0, state: 'await' },
    );
    await stores().denials.record({
      tenant: t,
      at: AT,
      actor: DEV,
      code: 'not_authorized',
      action: 'approve',
    });
  }

  describe('two tenants with the same ids', () => {
    test('never see what is the other one’s', async () => {
      const [mine, theirs] = [tenant(), tenant()];
      const before = await view(stores(), mine);
      await filled(theirs);
      expect(await view(stores(), mine)).toEqual(before);
      await filled(mine);
      const [seen, others] = [await view(stores(), mine), await view(stores(), theirs)];
      for (const name of Object.keys(seen)) {
        expect(JSON.stringify(Reflect.get(seen, name)), name).not.toContain(`"${theirs}"`);
      }
      expect(
        JSON.parse(
          JSON.stringify(seen)
            .replaceAll(`"${mine}"`, `"${theirs}"`)
            .replaceAll(`Tenant ${mine}`, `Tenant ${theirs}`)
            .replaceAll(`AROA-${mine}`, `AROA-${theirs}`),
        ),
      ).toEqual(JSON.parse(JSON.stringify(others)));
    });

    test('never change what is the other one’s', async () => {
      const [mine, theirs] = [tenant(), tenant()];
      await filled(mine);
      await filled(theirs);
      const before = await view(stores(), theirs);
      const ref = { tenant: mine, id: 'prom-1' };
      const held = { write: 'hold', subject: AGENT, target: 'staging', held: false } as const;
      const moved = promotionWrite(promotion(mine, 'prom-1', 4), 2);
      const next = { write: 'head', head: head(2), expected: 1 } as const;
      const raised = { write: 'raise_guard', environment: 'staging' } as const;
      await stores().transactions.commit(mine, [moved, held, next, raised]);
      await stores().transactions.commit(mine, [
        { write: 'catalog_delete', type: 'rule', id: 'rule-1', expected: 1 },
        { write: 'membership_delete', subject: 'sub-1', expected: 1 },
        { write: 'machine_delete', id: 'mach-1', expected: 1 },
      ]);
      await stores().workflowRecords.raiseAttempt(ref, 0);
      await stores().workflowRecords.postpone(ref, 4, later(9));
      await stores().workflowRecords.clearWork(ref, 4, 4);
      expect(await view(stores(), theirs)).toEqual(before);
    });
  });

  describe('an id that holds the separator of keys', () => {
    const bad = ['a#PROMO#b', 'a b', '', 'é', 'x'.repeat(129), 'a\nb'];

    test.each(bad)('%j names nothing and can be written nowhere', async (id) => {
      const t = tenant();
      await expect(stores().promotions.read(t, id)).rejects.toThrow('not an id');
      await expect(stores().promotions.read(id, 'prom-1')).rejects.toThrow('not an id');
      await expect(stores().deployments.read(t, id)).rejects.toThrow('not an id');
      await expect(stores().catalog.item(t, 'rule', id)).rejects.toThrow('not an id');
      const state = promotion(t, id, 1);
      await expect(stores().transactions.commit(t, [promotionWrite(state, 0)])).rejects.toThrow('not an id');
    });

    test('has no place in a name either', async () => {
      const t = tenant();
      await expect(stores().heads.ofSubject(t, { kind: 'agent', name: 'a#b' })).rejects.toThrow('not a name');
      await expect(stores().directory.membershipsOf('sub#T')).rejects.toThrow('not a name');
      await expect(stores().directory.machineByIdentity('1', 'a#b', 'c')).rejects.toThrow('not a name');
    });
  });
}
