import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, type Fixture, startFixture } from './fixture.ts';

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
