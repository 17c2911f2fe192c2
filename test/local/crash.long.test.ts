import { describe, expect, it } from 'vitest';
import { eventually, fixtureAssembly, startFixture } from './fixture.ts';

describe('a runtime that dies', () => {
  it('delivers an accepted event after all', async () => {
    const dying = await startFixture({ SLUICE_LOCAL_CRASH_AFTER: 'events.PutEvents:1' });
    const detail = JSON.stringify({ type: 'thing.done', id: 'late' });
    const entries = [{ EventBusName: 'fixture', Source: 'fixture', DetailType: 'thing', Detail: detail }];
    await expect(dying.act('publish', { entries })).rejects.toThrow();
    await dying.gone;
    const { dataDir, port } = dying;
    const restarted = await startFixture({}, { dataDir, port, assemblyDir: fixtureAssembly });
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
