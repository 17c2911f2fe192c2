import { expect } from 'vitest';
import { asked, reaches, requested } from './requests.ts';
import { ok, TENANT, type World } from './world.ts';

/** A gateway that refuses, people who do, and a step whose fault outlived its retries. */
export async function fail(world: World): Promise<void> {
  const { gateway, dev, alice } = world;
  gateway.behaviour = () => 422;
  const refused = await requested(world, 'a-refused');
  await ok(alice.post(`${refused}/approve`));
  await ok(dev.post(`${refused}/execute`));
  await reaches(world, refused, 'failed');
  await ok(dev.post(`${refused}/retry`));

  const rejected = await requested(world, 'a-rejected');
  await ok(alice.post(`${rejected}/request-changes`, { reason: 'tests' }));
  await ok(dev.post(`${rejected}/resubmit`));
  await ok(dev.post(`${rejected}/validate`));
  await ok(alice.post(`${rejected}/reject`, { reason: 'no' }));
  await ok(dev.delete(await requested(world, 'a-cancelled')));

  gateway.behaviour = () => 202;
  const silent = await requested(world, 'a-silent');
  await ok(alice.post(`${silent}/approve`));
  await ok(dev.post(`${silent}/execute`));
  await reaches(world, silent, 'executing');
  await asked(world, 'a-silent');
  gateway.behaviour = () => 200;
  await invoke(world, 'settle', {
    tenantId: TENANT,
    promotionId: silent.split('/').at(-1),
    execution: 'x-1',
    fault: { Error: 'States.Timeout', Cause: '' },
  });
  await reaches(world, silent, 'completed');
}

async function invoke({ runtime }: World, name: string, event: object): Promise<void> {
  const answer = await fetch(`${runtime.url}/_local/invoke`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ function: name, event }),
  });
  expect(await answer.json()).toMatchObject({ ok: true });
}
