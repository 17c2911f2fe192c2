import { describe, expect, it } from 'vitest';
import { ACME } from './api-world.ts';
import {
  A,
  at,
  B,
  ci,
  DEPLOYMENTS,
  dev,
  drift,
  eachObserved,
  must,
  OBSERVED,
  published,
  record,
  see,
  stores,
  world,
} from './drift-world.ts';

eachObserved();

describe('an observation', () => {
  it('that says what is recorded is kept, and tells nobody', async () => {
    await record('staging', 'v1', A, 0);
    world.at(at(1));
    const answer = await see({ digest: A }, at(1));
    expect(answer, JSON.stringify(answer.body)).toMatchObject({
      status: 200,
      body: {
        environment: 'staging',
        kind: 'artifact',
        name: 'platform',
        digest: A,
        image_tag: null,
        observed_at: at(1),
        changed_at: at(1),
        observed_by: 'mach-ci',
        out_of_band: null,
      },
    });
    expect(published).toEqual([]);
  });

  it('is written when it says something new, and else once in 10 minutes', async () => {
    await record('staging', 'v1', A, 0);
    const kept = () =>
      stores.observations.read(ACME, {
        subject: { kind: 'artifact', name: 'platform' },
        environment: 'staging',
      });
    world.at(at(30));
    await must(see({ digest: A }, at(1)));
    await must(see({ digest: A }, at(10)));
    expect(await kept()).toMatchObject({ version: 1, observed_at: at(1) });
    await must(see({ digest: A }, at(11)));
    expect(await kept()).toMatchObject({ version: 2, observed_at: at(11), changed_at: at(1) });
    await must(see({ digest: B }, at(12)));
    expect(await kept()).toMatchObject({ observed_at: at(12), changed_at: at(12) });
    // A look that comes late says nothing of now.
    expect((await see({ digest: A }, at(5))).body).toMatchObject({ digest: B, observed_at: at(12) });
  });

  it('of what nobody recorded names the change and is told once, however often it is seen', async () => {
    await record('staging', 'v1', A, 0);
    world.at(at(5));
    const first = await must(see({ image_tag: 'v9' }, at(5)));
    expect(first.body.out_of_band).toEqual({ recorded: 'v1', since: at(5) });
    world.at(at(40));
    expect((await must(see({ image_tag: 'v9' }, at(39)))).body.out_of_band).toEqual({
      recorded: 'v1',
      since: at(5),
    });
    expect(published).toHaveLength(1);
    expect(published[0]).toMatchObject({
      type: 'dev.cdeventsx.sluice-environment.drifted.0.1.0',
      subject: 'staging',
      data: {
        customData: {
          tenant: ACME,
          environment: 'staging',
          observed: { as: 'image_tag', value: 'v9' },
          recorded: 'v1',
          by: 'mach-ci',
        },
      },
    });
    // Put back, and changed again: another change.
    await must(see({ image_tag: 'v1' }, at(39.5)));
    await must(see({ image_tag: 'v9' }, at(40)));
    expect(new Set(published.map(({ id }) => id)).size).toBe(2);
    // Recorded after all: it is out of band no longer.
    await record('staging', 'v9', B, 41);
    world.at(at(42));
    expect((await must(see({ image_tag: 'v9' }, at(42)))).body.out_of_band).toBeNull();
  });

  it('is told by the next look where the bus was away', async () => {
    await record('staging', 'v1', A, 0);
    const { bus } = world.deps;
    const { Fault } = await import('../../functions/domain/faults.ts');
    Object.assign(world.deps, { bus: { publish: () => Promise.reject(new Fault('Unavailable', 'away')) } });
    world.at(at(5));
    await must(see({ digest: B }, at(5)));
    Object.assign(world.deps, { bus });
    await must(see({ digest: B }, at(5)));
    await must(see({ digest: B }, at(5)));
    expect(published).toHaveLength(1);
  });

  it('of a slot that changed since says nothing, and while a promotion executes there neither', async () => {
    await record('staging', 'v1', A, 0);
    await record('staging', 'v2', B, 10);
    expect((await must(see({ digest: A }, at(9)))).body.out_of_band).toBeNull();
    expect((await drift()).items[0].environments[0]).toMatchObject({ standing: 'stale' });
    await must(world.as('admin')('PATCH', '/api/v1/environments/staging', { gates: [], reason: 'test' }));
    world.at(at(100));
    const back = { environment: 'stg', reason: 'errors' };
    const { id } = (await must(dev('POST', `${DEPLOYMENTS}/tag/v1/rollback`, back))).body;
    await world.run(id);
    world.at(at(101));
    expect((await must(see({ digest: A }, at(101)))).body.out_of_band).toBeNull();
    expect(published).toEqual([]);
  });

  it('at once with another one is kept once, and told once', async () => {
    await record('staging', 'v1', A, 0);
    world.at(at(5));
    await Promise.all([must(see({ digest: B }, at(5))), must(see({ digest: B }, at(5)))]);
    expect(new Set(published.map(({ id }) => id)).size).toBe(1);
  });

  it('is of machines that record; garbage is refused, and another tenant is untouched', async () => {
    const seen = { digest: A, observed_at: at(0) };
    expect(await dev('PUT', OBSERVED, seen)).toMatchObject({ status: 403, body: { required: ['recorder'] } });
    expect(await world.as('carol')('PUT', OBSERVED, seen)).toMatchObject({ status: 403 });
    for (const body of [
      { observed_at: at(0) },
      { digest: A, root: A, observed_at: at(0) },
      { digest: 'latest', observed_at: at(0) },
      { digest: A },
      { digest: A, observed_at: 'yesterday' },
      { digest: A, observed_at: at(60) },
      { digest: A, observed_at: at(0), more: 1 },
    ]) {
      expect((await ci('PUT', OBSERVED, body)).status, JSON.stringify(body)).toBe(400);
    }
    const elsewhere = OBSERVED.replace('staging', 'qa');
    expect(await ci('PUT', elsewhere, seen)).toMatchObject({ status: 404 });
    expect((await ci('PUT', OBSERVED.replace('artifact', 'thing'), seen)).status).toBe(404);
    for (const name of ['a%23b', '..', '%00', 'a%2Fb']) {
      expect((await ci('PUT', OBSERVED.replace('platform', name), seen)).status, name).toBe(404);
    }
    await must(ci('PUT', OBSERVED, seen));
    expect((await world.as('carol')('GET', `${DEPLOYMENTS}/drift`)).body.items).toEqual([]);
  });
});
