import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, type Fixture, fixtureAssembly, startFixture } from './fixture.ts';

/** Kills the runtime and starts another one where it was. */
async function killAndRestart(killed: Fixture): Promise<Fixture> {
  await killed.kill9();
  return startFixture({}, { dataDir: killed.dataDir, port: killed.port, assemblyDir: fixtureAssembly });
}

describe('a runtime that is killed', () => {
  let fixture: Fixture;
  let before: { readonly token: string };
  let alice: string;
  beforeAll(async () => {
    const first = await startFixture();
    await first.act('put', { id: 'kept', value: 'yes' });
    await first.act('start', { id: 'waiting' });
    before = await eventually(async () => (await first.act('get', { id: 'token-waiting' })).body);
    await first.act('put', { id: 'token-old', value: before });
    alice = await first.token('alice@acme.com');
    fixture = await killAndRestart(first);
  });
  afterAll(async () => {
    await fixture.stop();
  });

  it('keeps what was written, and seeds no second time', async () => {
    expect((await fixture.act('get', { id: 'kept' })).body).toBe('yes');
    expect((await fixture.act('get', { id: 'seeded' })).body.times).toBe(1);
  });

  it('takes a waiting execution up again; the token of before has timed out and the new one works', async () => {
    expect((await fixture.act('wake', { id: 'old' })).body).toEqual({ error: 'TaskTimedOut' });
    await eventually(async () => {
      const { body } = await fixture.act('get', { id: 'token-waiting' });
      return body.token !== before.token;
    });
    expect((await fixture.act('wake', { id: 'waiting' })).status).toBe(200);
    expect(await fixture.closed('waiting')).toMatchObject({
      status: 'SUCCEEDED',
      output: { answered: true },
    });
    expect((await fixture.act('start', { id: 'waiting' })).body).toEqual({ error: 'ExecutionAlreadyExists' });
  });

  it('tokens of people stay good, since the signing key stays', async () => {
    const answer = await fetch(`${fixture.url}/api/shorthand`, {
      headers: { authorization: `Bearer ${alice}` },
    });
    expect([answer.status, await answer.json()]).toEqual([200, { plain: true }]);
  });
});

describe('a runtime that dies', () => {
  it('delivers an accepted event after all', async () => {
    const dying = await startFixture({ SLUICE_LOCAL_CRASH_AFTER: 'events.PutEvents:1' });
    const detail = JSON.stringify({ type: 'thing.done', id: 'late' });
    const entries = [{ EventBusName: 'fixture', Source: 'fixture', DetailType: 'thing', Detail: detail }];
    await expect(dying.act('publish', { entries })).rejects.toThrow();
    await dying.gone;
    const restarted = await killAndRestart(dying);
    await eventually(async () => (await restarted.act('get', { id: 'heard-late' })).body);
    await restarted.stop();
  });
});

describe('a crash plan', () => {
  it.each([
    ['SLUICE_LOCAL_CRASH_BEFORE', null],
    ['SLUICE_LOCAL_CRASH_AFTER', { n: 2 }],
  ])('%s of a table write', async (variable, expected) => {
    // The first write is the seed's, the second the scheduled listener's or ours: count only ours by key.
    const crashing = await startFixture({ [variable]: 'dynamodb.PutItem:5' });
    await eventually(async () => (await crashing.act('get', { id: 'heard-schedule' })).body);
    await crashing.act('put', { id: 'first', value: {} });
    await crashing.act('put', { id: 'second', value: {} });
    await expect(crashing.act('put', { id: 'third', value: { n: 2 } })).rejects.toThrow();
    expect(await crashing.gone).toBeNull();
    const next = await startFixture({}, { dataDir: crashing.dataDir });
    expect((await next.act('get', { id: 'second' })).body).toEqual({});
    expect((await next.act('get', { id: 'third' })).body).toEqual(expected);
    await next.stop();
  });
});
