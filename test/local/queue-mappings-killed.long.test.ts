import { afterEach, describe, expect, it } from 'vitest';
import { eventually, type Fixture, fixtureAssembly, startFixture } from './fixture.ts';

let fixture: Fixture;

async function worked(id: string, tries: number) {
  return eventually(async () => {
    const { body } = await fixture.act('get', { id: `worked-${id}` });
    return body?.tries >= tries && body;
  });
}

async function queue(name: string) {
  const answer = await fetch(`${fixture.url}/_local/queues`);
  const { items } = JSON.parse(await answer.text());
  return items.find((item: { name: string }) => item.name === name);
}

describe('a runtime that is killed', () => {
  afterEach(async () => {
    await fixture.stop();
  });

  async function again(): Promise<void> {
    const { dataDir, port } = fixture;
    fixture = await startFixture({}, { dataDir, port, assemblyDir: fixtureAssembly });
  }

  it('hands over again at once what a function held when it died', async () => {
    fixture = await startFixture();
    await fixture.act('enqueue', { jobs: [{ id: 'held', hang: 1 }] });
    await worked('held', 1);
    await fixture.kill9();
    await again();
    expect(await worked('held', 2)).toMatchObject({ tries: 2, receives: 2 });
    await eventually(async () => (await queue('Jobs')).in_flight === 0);
  });

  it('has kept what it had accepted', async () => {
    fixture = await startFixture({ SLUICE_LOCAL_CRASH_AFTER: 'sqs.SendMessageBatch:1' });
    await expect(fixture.act('enqueue', { jobs: [{ id: 'kept' }] })).rejects.toThrow();
    await fixture.gone;
    await again();
    await worked('kept', 1);
  });

  it('loses no message however often it dies', async () => {
    fixture = await startFixture();
    const ids = Array.from({ length: 10 }, (_, n) => `many-${n}`);
    await fixture.act('enqueue', { jobs: ids.map((id) => ({ id })) });
    for (const pause of [20, 60]) {
      await new Promise((resolve) => setTimeout(resolve, pause));
      await fixture.kill9();
      await again();
    }
    for (const id of ids) await worked(id, 1);
    await eventually(
      async () => (await queue('Jobs')).in_flight === 0 && (await queue('Jobs')).visible === 0,
    );
    expect((await queue('DeadJobs')).dead_letters).toEqual([]);
  });
});
