import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { digest, digestOfBytes } from '../../../functions/domain/digest.ts';
import { Fault } from '../../../functions/domain/faults.ts';
import type { Principal } from '../../../functions/domain/identity/principal.ts';
import { claim, revisionDigest } from '../../../functions/domain/promotion/head.ts';
import type { Slot } from '../../../functions/domain/promotion/subject.ts';
import { isRefusal } from '../../../functions/domain/refusal.ts';
import type { StoredAnswer } from '../../../functions/ports/transaction.ts';
import { type Recorded, recordDeployment } from '../../../functions/use-cases/deployments/record.ts';
import type { DeploymentReport } from '../../../functions/use-cases/deployments/request.ts';
import { CI, createWorld, DEV, machine, person, STORES, T0, TENANT, type World } from './world.ts';

const AGENT = { kind: 'agent', name: 'agent-123' } as const;
const report = (more: Partial<DeploymentReport> = {}): DeploymentReport => ({
  id: 'dep-456',
  subject: AGENT,
  environment: 'development',
  gateway_id: 'gw-dev',
  status: 'DEPLOYED',
  details: {},
  ...more,
});
const slot = (environment = 'development', gateway = 'gw-dev'): Slot => ({
  subject: AGENT,
  environment,
  gateway,
});

describe.each(STORES)('recording a deployment, on $name', ({ open }) => {
  let opened: Awaited<ReturnType<typeof open>>;
  let world: World;
  beforeEach(async () => {
    opened = await open();
    world = await createWorld(opened.stores);
  });
  afterEach(() => opened.stop());

  const record = async (
    more: Partial<DeploymentReport> = {},
    principal: Principal = DEV,
  ): Promise<Recorded> => {
    const recorded = await recordDeployment(world.deps, { principal, report: report(more) });
    if (isRefusal(recorded)) throw new Error(recorded.detail);
    return recorded;
  };
  const refused = async (more: Partial<DeploymentReport>, principal: Principal = DEV) => {
    const recorded = await recordDeployment(world.deps, { principal, report: report(more) });
    if (!isRefusal(recorded)) throw new Error('it was recorded');
    return recorded;
  };
  const head = (of: Slot = slot()) => world.deps.heads.read(TENANT, of);
  const revisions = async (of: Slot = slot()) =>
    (await world.deps.heads.revisions(TENANT, of, { limit: 100 })).items;

  it('makes a DEPLOYED one the active one of its slot, in one transaction with the revision that says so', async () => {
    const { deployment, created } = await record({ version_label: '1.0.0' });
    expect(created).toBe(true);
    expect(deployment).toMatchObject({
      id: 'dep-456',
      environment: 'development',
      status: 'DEPLOYED',
      recorded: true,
      recorded_by: { subject: 'dev' },
      live_at: T0,
      deployed_at: T0,
      completed_at: T0,
      version: 1,
    });
    expect(await world.deps.deployments.read(TENANT, 'dep-456')).toEqual(deployment);
    const [revision] = await revisions();
    expect(revision).toMatchObject({
      number: 1,
      digest: deployment.digest,
      previous: null,
      cause: { by: 'record', deployment_id: 'dep-456' },
      actor: { subject: 'dev', kind: 'person' },
      deployment_id: 'dep-456',
    });
    expect(await head()).toMatchObject({
      digest: deployment.digest,
      deployment_id: 'dep-456',
      revision: 1,
      chain: revision && revisionDigest(revision),
    });
  });

  it('chains the next one to it', async () => {
    await record({ id: 'dep-1' });
    await record({ id: 'dep-2' });
    const [second, first] = await revisions();
    expect(first && second?.prev).toBe(first && revisionDigest(first));
    expect(second).toMatchObject({ number: 2, previous: first?.digest, deployment_id: 'dep-2' });
    expect(await head()).toMatchObject({ deployment_id: 'dep-2', revision: 2 });
  });

  it('makes an id where none was given', async () => {
    const { id: _, ...anonymous } = report();
    const recorded = await recordDeployment(world.deps, { principal: DEV, report: anonymous });
    expect(recorded).toMatchObject({ created: true, deployment: { id: expect.stringMatching(/^dep-/) } });
  });

  it.each(['PENDING', 'FAILED', 'ROLLED_BACK'] as const)(
    'leaves the head alone for a %s one',
    async (status) => {
      await record({ id: 'dep-1' });
      const before = await head();
      await record({ id: 'dep-2', status });
      expect(await head()).toEqual(before);
      expect(await revisions()).toHaveLength(1);
      expect(world.published).toHaveLength(1);
    },
  );

  it('gives one version one digest in every environment, and no version a digest of its own', async () => {
    const dev = await record({ id: 'dep-1', version_label: '1.0.0' });
    const staging = await record({
      id: 'dep-2',
      version_label: '1.0.0',
      environment: 'staging',
      gateway_id: 'gw-stg',
    });
    const other = await record({ id: 'dep-3', version_label: '1.0.1' });
    const bare = [await record({ id: 'dep-4' }), await record({ id: 'dep-5' })];
    const given = await record({ id: 'dep-6', digest: digestOfBytes('image') });
    expect(staging.deployment.digest).toBe(dev.deployment.digest);
    expect(dev.deployment.digest).toBe(
      digest('sluice/content/v1', { kind: 'agent', name: 'agent-123', version: '1.0.0' }),
    );
    const digests = [dev, other, ...bare, given].map(({ deployment }) => deployment.digest);
    expect(new Set(digests).size).toBe(5);
    expect(given.deployment.digest).toBe(digestOfBytes('image'));
  });

  it('takes the environment by alias, keeps how it was written, and knows no other', async () => {
    expect((await record({ environment: 'dev' })).deployment).toMatchObject({
      environment: 'development',
      environment_alias: 'dev',
    });
    expect(await refused({ id: 'dep-2', environment: 'qa' })).toMatchObject({
      refused: 'unknown_environment',
    });
  });

  it('tells a live one to whoever listens: first deployed, then upgraded', async () => {
    await record({ id: 'dep-1' });
    await record({ id: 'dep-2' });
    expect(world.published.map(({ type, subject, data }) => [type, subject, data['tenant']])).toEqual([
      ['dev.cdevents.service.deployed.0.3.0', 'dep-1', TENANT],
      ['dev.cdevents.service.upgraded.0.3.0', 'dep-2', TENANT],
    ]);
  });

  describe('the same id again', () => {
    it('is answered with what is recorded, and writes nothing', async () => {
      const first = await record({ version_label: '1.0.0', details: { notes: 'first' } });
      world.advance('PT1H');
      const again = await record({
        version_label: '1.0.0',
        details: { notes: 'second' },
        environment: 'dev',
      });
      expect(again).toEqual({ deployment: first.deployment, created: false });
      expect(await revisions()).toHaveLength(1);
      expect(world.published).toHaveLength(1);
    });

    it.each([
      ['another agent', { subject: { kind: 'agent', name: 'agent-9' } }],
      ['another environment', { environment: 'staging' }],
      ['another gateway', { gateway_id: 'gw-2' }],
      ['another version', { version_label: '2.0.0' }],
      ['another digest', { digest: digestOfBytes('other') }],
      ['another status', { status: 'FAILED' }],
      ['another time', { live_at: '2026-03-01T08:59:59.000Z' }],
      ['other details', { details: { gitCommit: 'abc' } }],
    ] satisfies [string, Partial<DeploymentReport>][])('is a conflict with %s', async (_, more) => {
      await record();
      expect(await refused(more)).toMatchObject({ refused: 'conflict', data: { id: 'dep-456' } });
      expect(await revisions()).toHaveLength(1);
    });

    it('takes the authority that recording takes', async () => {
      await record();
      expect(await refused({}, person('eve', 'viewer'))).toMatchObject({ refused: 'not_authorized' });
    });

    it('is one deployment when it comes many times at once', async () => {
      const all = await Promise.all(Array.from({ length: 8 }, () => record()));
      expect(all.filter(({ created }) => created)).toHaveLength(1);
      expect(new Set(all.map(({ deployment }) => JSON.stringify(deployment))).size).toBe(1);
      expect(await revisions()).toHaveLength(1);
    });
  });

  it('is one deployment when its commit took effect and the answer was lost, id or not', async () => {
    const { commit } = world.deps.transactions;
    let silent = true;
    const deaf: World['deps'] = {
      ...world.deps,
      transactions: {
        commit: async (tenant, writes) => {
          const result = await commit(tenant, writes);
          if (!silent) return result;
          silent = false;
          throw new Fault('Unavailable', 'the answer was lost');
        },
      },
    };
    const { id: _, ...anonymous } = report();
    const recorded = await recordDeployment(deaf, { principal: DEV, report: anonymous });
    expect(recorded).toMatchObject({ deployment: { status: 'DEPLOYED' } });
    expect(await revisions()).toHaveLength(1);
  });

  it('gives up after 20 seconds when the table stays away', async () => {
    const away = { commit: () => Promise.reject(new Fault('Unavailable', 'the table is away')) };
    const deps: World['deps'] = { ...world.deps, transactions: away };
    await expect(recordDeployment(deps, { principal: DEV, report: report() })).rejects.toMatchObject({
      name: 'Unavailable',
    });
    expect(world.now > '2026-03-01T09:00:20.000Z' && world.now < '2026-03-01T09:00:22.000Z').toBe(true);
  });

  it('loses no revision when many record one slot at once', async () => {
    await Promise.all(Array.from({ length: 8 }, (_, n) => record({ id: `dep-${n}` })));
    const numbers = (await revisions()).map(({ number }) => number);
    expect(numbers).toEqual([8, 7, 6, 5, 4, 3, 2, 1]);
  });

  describe('a protected environment', () => {
    const production = { environment: 'production', gateway_id: 'gw-789' };

    it('takes a first recording from a developer, and from then on only from recording machines', async () => {
      await record({ ...production, id: 'dep-1' });
      const before = await head(slot('production', 'gw-789'));
      expect(await refused({ ...production, id: 'dep-2' })).toMatchObject({ refused: 'protected' });
      expect(await refused({ ...production, id: 'dep-2' }, person('rec', 'recorder'))).toMatchObject({
        refused: 'protected',
      });
      expect(await refused({ ...production, id: 'dep-2' }, machine('m', 'developer'))).toMatchObject({
        refused: 'protected',
      });
      expect(await refused({ ...production, id: 'dep-2', status: 'PENDING' })).toMatchObject({
        refused: 'protected',
      });
      expect(await head(slot('production', 'gw-789'))).toEqual(before);
      expect(await world.deps.deployments.read(TENANT, 'dep-2')).toBeUndefined();
      await record({ ...production, id: 'dep-2' }, CI);
      expect(await head(slot('production', 'gw-789'))).toMatchObject({ deployment_id: 'dep-2' });
    });

    it('is seen as it is when it becomes protected at the same moment', async () => {
      await record({ id: 'dep-1', environment: 'staging' });
      const environment = await world.deps.catalog.environment(TENANT, 'staging');
      if (environment === undefined) throw new Error('no staging');
      let raced = false;
      const { commit } = world.deps.transactions;
      const racing: World['deps'] = {
        ...world.deps,
        transactions: {
          commit: async (tenant, writes) => {
            if (!raced) {
              raced = true;
              await world.commit({
                write: 'catalog',
                entry: {
                  type: 'environment',
                  item: {
                    ...environment,
                    protected: true,
                    version: environment.version + 1,
                    guard: environment.guard + 1,
                  },
                },
                expected: environment.version,
              });
            }
            return commit.call(world.deps.transactions, tenant, writes);
          },
        },
      };
      const late = await recordDeployment(racing, {
        principal: DEV,
        report: report({ id: 'dep-2', environment: 'staging' }),
      });
      expect(late).toMatchObject({ refused: 'protected' });
    });
  });

  it('refuses somebody without the role, and keeps a record of that', async () => {
    expect(await refused({}, person('eve', 'approver'))).toMatchObject({
      refused: 'not_authorized',
      data: { required: ['developer', 'recorder'] },
    });
    const elsewhere: Principal = {
      ...person('eve'),
      grants: [{ role: 'developer', environment: 'staging' }],
    };
    expect(await refused({}, elsewhere)).toMatchObject({ refused: 'not_authorized' });
    const denials = await world.deps.denials.list(TENANT, { limit: 10 });
    expect(denials.items).toMatchObject([{ code: 'not_authorized', action: 'record_deployment' }]);
  });

  it('refuses while a promotion holds the head', async () => {
    await record({ id: 'dep-1' });
    const held = await head();
    if (held === undefined) throw new Error('no head');
    await world.commit({ write: 'head', head: claim(held, 'prom-1', T0), expected: held.version });
    expect(await refused({ id: 'dep-2' })).toMatchObject({
      refused: 'conflict',
      data: { promotion_id: 'prom-1' },
    });
    await record({ id: 'dep-3', status: 'PENDING' });
  });

  it('refuses a gateway of another environment, and accepts one that Sluice does not know', async () => {
    await world.gateway('gw-stg', 'staging');
    expect(await refused({ gateway_id: 'gw-stg' })).toMatchObject({
      refused: 'invalid_request',
      data: { field: 'gateway_id' },
    });
    await record({ gateway_id: 'gw-somewhere' });
  });

  it.each(['current', 'history', 'Metrics'])('refuses the word %s as an id', async (id) => {
    expect(await refused({ id })).toMatchObject({ refused: 'reserved_name' });
  });

  it('refuses an id outside the grammar', async () => {
    expect(await refused({ id: 'a#b' })).toMatchObject({ refused: 'invalid_request', data: { field: 'id' } });
  });

  it('keeps the answer with the record, and never two records for one key', async () => {
    const key = digestOfBytes('key');
    const answer = (): StoredAnswer => ({
      key,
      body_digest: digestOfBytes('body'),
      status: 201,
      headers: {},
      body: '{}',
      expires_at: '2026-03-02T09:00:00.000Z',
    });
    const { id: _, ...anonymous } = report();
    const twice = await Promise.all(
      [1, 2].map(() => recordDeployment(world.deps, { principal: DEV, report: anonymous, answer })),
    );
    expect(twice.filter(isRefusal)).toMatchObject([{ refused: 'conflict' }]);
    expect(await world.deps.answers.read(TENANT, key, T0)).toMatchObject({ status: 201 });
    expect(await revisions()).toHaveLength(1);
  });

  describe('times', () => {
    const hourAgo = '2026-03-01T08:00:00.000Z';

    it('are now where nothing is said', async () => {
      expect((await record({ status: 'PENDING' })).deployment).not.toHaveProperty('completed_at');
    });

    it('may be dated back by recording machines and admins, not by anybody else', async () => {
      expect(await refused({ live_at: hourAgo })).toMatchObject({
        refused: 'not_authorized',
        data: { field: 'live_at' },
      });
      expect(await refused({ live_at: hourAgo }, machine('m', 'developer'))).toMatchObject({
        refused: 'not_authorized',
      });
      const byMachine = await record({ id: 'dep-1', live_at: hourAgo }, CI);
      expect(byMachine.deployment).toMatchObject({ live_at: hourAgo, deployed_at: hourAgo });
      const byAdmin = await record({ id: 'dep-2', live_at: hourAgo }, person('root', 'admin', 'developer'));
      expect(byAdmin.deployment).toMatchObject({ live_at: hourAgo });
      await record({ id: 'dep-3', deployed_at: hourAgo, completed_at: hourAgo });
    });

    it.each(['deployed_at', 'completed_at', 'live_at'] as const)(
      'never lie in the future: %s',
      async (field) => {
        expect(await refused({ [field]: '2026-03-01T09:01:00.000Z' }, CI)).toMatchObject({
          refused: 'invalid_request',
          data: { field },
        });
      },
    );

    it('forgive a clock that runs a little ahead, and take now for it', async () => {
      const { deployment } = await record({ live_at: '2026-03-01T09:00:03.000Z' });
      expect(deployment.live_at).toBe(T0);
    });

    it.each([
      ['completed_at', { deployed_at: hourAgo, completed_at: '2026-03-01T07:00:00.000Z' }],
      ['live_at', { deployed_at: hourAgo, live_at: '2026-03-01T07:00:00.000Z' }],
      ['completed_at', { status: 'PENDING', completed_at: hourAgo }],
      ['live_at', { status: 'PENDING', live_at: hourAgo }],
      ['live_at', { status: 'FAILED', live_at: hourAgo }],
    ] satisfies [string, Partial<DeploymentReport>][])(
      'refuses a %s that contradicts the rest',
      async (field, more) => {
        expect(await refused(more, CI)).toMatchObject({ refused: 'invalid_request', data: { field } });
      },
    );
  });

  it('keeps tenants apart', async () => {
    await record();
    const other = { ...DEV, tenant: 'globex' };
    expect(await refused({}, other)).toMatchObject({ refused: 'unknown_environment' });
    expect(await world.deps.deployments.read('globex', 'dep-456')).toBeUndefined();
  });
});
