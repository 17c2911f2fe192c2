import { describe, expect, it } from 'vitest';
import { digest, digestOfBytes } from '../../../functions/domain/digest.ts';
import { revisionDigest } from '../../../functions/domain/promotion/head.ts';
import { recordDeployment } from '../../../functions/use-cases/deployments/record.ts';
import { eachOn, head, record, refused, report, revisions, world } from './record-world.ts';
import { DEV, STORES, T0, TENANT } from './world.ts';

describe.each(STORES)('recording a deployment, on $name', ({ open }) => {
  eachOn(open);

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
    expect(world.published.map(({ type, subject, data }) => [type, subject, data.customData.tenant])).toEqual(
      [
        ['dev.cdevents.service.deployed.0.3.0', 'agent/agent-123', TENANT],
        ['dev.cdevents.service.upgraded.0.3.0', 'agent/agent-123', TENANT],
      ],
    );
  });

  it('keeps tenants apart', async () => {
    await record();
    const other = { ...DEV, tenant: 'globex' };
    expect(await refused({}, other)).toMatchObject({ refused: 'unknown_environment' });
    expect(await world.deps.deployments.read('globex', 'dep-456')).toBeUndefined();
  });
});
