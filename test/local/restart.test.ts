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
