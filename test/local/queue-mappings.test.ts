import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
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

const empty = { visible: 0, in_flight: 0, delayed: 0 };

describe('a function behind a queue', () => {
  beforeAll(async () => {
    fixture = await startFixture();
  });
  afterAll(async () => {
    await fixture.stop();
  });

  it('gets every message, several in one call', async () => {
    await fixture.act('enqueue', { jobs: Array.from({ length: 9 }, (_, n) => ({ id: `job-${n}` })) });
    const sizes = [];
    for (let n = 0; n < 9; n += 1) sizes.push((await worked(`job-${n}`, 1)).batch);
    expect(Math.max(...sizes)).toBe(5);
    await eventually(async () => (await queue('Jobs')).in_flight === 0);
    expect(await queue('Jobs')).toMatchObject(empty);
  });

  it('gets again what it reports as failed, and only that', async () => {
    await fixture.act('enqueue', { jobs: [{ id: 'good' }, { id: 'bad', fail: 2 }, { id: 'fine' }] });
    expect(await worked('bad', 3)).toMatchObject({ tries: 3, receives: 3 });
    expect(await worked('good', 1)).toMatchObject({ tries: 1 });
    expect(await worked('fine', 1)).toMatchObject({ tries: 1 });
  });

  it('gets no more what failed three times: it is a dead letter', async () => {
    await fixture.act('enqueue', { jobs: [{ id: 'never', fail: 100 }] });
    const dead = await eventually(async () => {
      const { dead_letters } = await queue('DeadJobs');
      return dead_letters.length > 0 && dead_letters;
    });
    expect(dead).toMatchObject([{ body: JSON.stringify({ id: 'never', fail: 100 }), receives: 3 }]);
    expect(await worked('never', 3)).toMatchObject({ tries: 3 });
    expect(await queue('Jobs')).toMatchObject(empty);
  });

  it('that ends in the middle leaves its messages to a later call, when their time-out has passed', async () => {
    await fixture.act('enqueue', { jobs: [{ id: 'exits', exit: 1 }] });
    await worked('exits', 1);
    // What came later is worked off: the message before it stays invisible for its three minutes.
    await fixture.act('enqueue', { jobs: [{ id: 'later' }] });
    await worked('later', 1);
    await eventually(async () => (await queue('Jobs')).in_flight === 1);
    expect(await worked('exits', 1)).toMatchObject({ tries: 1 });
    expect(await queue('Jobs')).toMatchObject({ ...empty, in_flight: 1 });
  });
});

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
