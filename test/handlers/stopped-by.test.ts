import { beforeEach, describe, expect, it } from 'vitest';
import { addDuration } from '../../functions/domain/instant.ts';
import { START } from './api-world.ts';
import { admin, alice, dev, path, requested, stagedWorld, toProduction, world } from './promotions-world.ts';

const PRODUCTION = '/api/v1/environments/production';
const frozen = (ends_at: string) => ({
  code: 'frozen',
  detail: `production is frozen until ${ends_at}: stocktaking`,
  ends_at,
});

beforeEach(stagedWorld);

/** Freezes production between two durations from the start. */
async function freeze(from: string, to: string): Promise<void> {
  const window = { starts_at: addDuration(START, from), ends_at: addDuration(START, to) };
  const made = await admin('POST', `${PRODUCTION}/freezes`, { reason: 'stocktaking', ...window });
  expect(made.status).toBe(201);
}

describe('what keeps a promotion from executing', () => {
  it('is nothing in most cases, and says so', async () => {
    const id = await requested();
    expect((await dev('GET', `${path}/${id}`)).body).toMatchObject({ stopped_by: [] });
  });

  it('is told of one that is overdue in a freeze, and until when', async () => {
    await freeze('PT1H', 'PT5H');
    const id = await requested();
    await alice('POST', `${path}/${id}/approve`);
    const at = addDuration(START, 'PT30M');
    expect(await dev('POST', `${path}/${id}/schedule`, { at })).toMatchObject({ status: 200 });
    world.at(addDuration(START, 'PT2H'));
    const read = (await dev('GET', `${path}/${id}`)).body;
    expect(read).toMatchObject({
      status: 'scheduled',
      stopped_by: [frozen(addDuration(START, 'PT5H'))],
    });
    const config = (await dev('GET', `/api/v1/config/promotions/${id}`)).body;
    expect(config.stoppedBy).toEqual(
      read.stopped_by.map(({ ends_at, ...stop }: Record<string, unknown>) => ({ ...stop, endsAt: ends_at })),
    );
    world.at(addDuration(START, 'PT5H'));
    expect((await dev('GET', `${path}/${id}`)).body).toMatchObject({ stopped_by: [] });
  });

  it('is nothing of one that is closed: no lock keeps it from what is over', async () => {
    const id = await requested();
    await admin('POST', `${PRODUCTION}/lock`, { reason: 'incident' });
    expect((await dev('GET', `${path}/${id}`)).body.stopped_by).toHaveLength(1);
    expect((await alice('POST', `${path}/${id}/reject`, { reason: 'no' })).status).toBe(200);
    expect((await dev('GET', `${path}/${id}`)).body).toMatchObject({ status: 'rejected', stopped_by: [] });
  });

  it('is told by a dry run: a freeze, and a lock before it', async () => {
    await freeze('PT0S', 'PT5H');
    const dryRun = async () => (await dev('POST', `${path}?dry_run=true`, toProduction)).body;
    expect(await dryRun()).toMatchObject({ stopped_by: [frozen(addDuration(START, 'PT5H'))] });
    await admin('POST', `${PRODUCTION}/lock`, { reason: 'incident' });
    const both = await dryRun();
    expect(both.stopped_by).toHaveLength(2);
    expect(both.stopped_by[0]).toEqual({
      code: 'locked',
      detail: 'production is locked: incident',
      ends_at: null,
    });
  });

  it('is told by a dry run of configuration in its own casing', async () => {
    await admin('PUT', '/api/v1/config/environments/staging/configs/limit', { value: 1, reason: 'test' });
    await freeze('PT0S', 'PT5H');
    const asked = { sourceEnvironment: 'staging', targetEnvironment: 'production', promotionType: 'FULL' };
    const tried = await dev('POST', '/api/v1/config/promotions?dry_run=true', asked);
    const { ends_at: endsAt, ...stop } = frozen(addDuration(START, 'PT5H'));
    expect(tried, JSON.stringify(tried.body)).toMatchObject({
      status: 200,
      body: { stoppedBy: [{ ...stop, endsAt }] },
    });
  });
});
