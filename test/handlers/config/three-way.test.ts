import { beforeEach, describe, expect, it } from 'vitest';
import { createWorld, type World } from '../api-world.ts';

const PROMOTIONS = '/api/v1/config/promotions';

describe('the difference of two environments that once agreed', () => {
  let world: World;
  beforeEach(async () => {
    world = await createWorld();
  });

  const put = async (environment: string, key: string, value: unknown, more: object = {}) => {
    const path = `/api/v1/config/environments/${environment}/configs/${key}`;
    const body = { value, reason: 'test', ...more };
    const who = environment === 'production' ? 'admin' : 'dev';
    const answer = await world.as(who)('PUT', path, body);
    expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
  };
  const differing = async (source: string, target: string, more = '') => {
    const path = `${PROMOTIONS}/diff?source=${source}&target=${target}${more}`;
    return (await world.as('dev')('GET', path)).body;
  };
  async function promoted(more: object): Promise<void> {
    const asked = { sourceEnvironment: 'development', targetEnvironment: 'staging', ...more };
    const { body } = await world.as('dev')('POST', PROMOTIONS, asked);
    await world.as('dev')('POST', `${PROMOTIONS}/${body.id}/execute`);
    await world.run(body.id);
    expect((await world.as('dev')('GET', `${PROMOTIONS}/${body.id}`)).body.status).toBe('completed');
  }

  it('names nothing agreed before a promotion took all of one to the other', async () => {
    await put('development', 'a', 1);
    await put('development', 'b', 1);
    expect(await differing('development', 'staging')).not.toHaveProperty('agreed');
    await promoted({ promotionType: 'SELECTIVE', configIds: ['a'] });
    const { agreed, added } = await differing('development', 'staging');
    expect([agreed, added]).toEqual([undefined, [{ key: 'b', value: 1 }]]);
  });

  it('says which of them changed each key, and what both held, in either direction and on every page', async () => {
    for (const key of ['both', 'ours', 'theirs', 'gone', 'same']) await put('development', key, 1);
    await promoted({ promotionType: 'FULL' });
    for (const key of ['both', 'ours', 'new']) await put('development', key, 2);
    for (const key of ['both', 'theirs', 'local']) await put('staging', key, 3);
    const gone = await world.as('dev')('DELETE', '/api/v1/config/environments/development/configs/gone');
    expect(gone.status, JSON.stringify(gone.body)).toBe(200);
    const body = await differing('development', 'staging');
    expect(body.agreed).toEqual({ environment: 'development', revision: 5 });
    expect(body.modified).toEqual([
      { key: 'both', sourceValue: 2, targetValue: 3, changedIn: 'both', agreedValue: 1 },
      { key: 'ours', sourceValue: 2, targetValue: 1, changedIn: 'source', agreedValue: 1 },
      { key: 'theirs', sourceValue: 1, targetValue: 3, changedIn: 'target', agreedValue: 1 },
    ]);
    expect(body.added).toEqual([{ key: 'new', value: 2, changedIn: 'source' }]);
    expect(body.removed).toEqual([
      { key: 'gone', value: 1, changedIn: 'source', agreedValue: 1 },
      { key: 'local', value: 3, changedIn: 'target' },
    ]);
    const { agreed, modified } = await differing('staging', 'development');
    expect(agreed).toEqual({ environment: 'development', revision: 5 });
    expect(modified.map(({ changedIn }: { changedIn: string }) => changedIn)).toEqual([
      'both',
      'target',
      'source',
    ]);
    const first = await differing('development', 'staging', '&limit=2');
    // What is promoted in between is another agreement: the pages are of the first one.
    await promoted({ promotionType: 'FULL' });
    const second = await differing('development', 'staging', `&limit=9&cursor=${first.nextCursor}`);
    expect(second.agreed).toEqual({ environment: 'development', revision: 5 });
    expect([...first.modified, ...second.modified]).toEqual(body.modified);
  });

  it('shows what both hold of keys that belong to the target, and no secret of them', async () => {
    await put('development', 'mine.size', 1);
    await put('development', 'mine.token', 'secret one', { sensitive: true });
    await promoted({ promotionType: 'FULL' });
    const owning = { owned_keys: ['mine.*'], reason: 'test' };
    const answer = await world.as('admin')('PATCH', '/api/v1/environments/staging', owning);
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    await put('staging', 'mine.size', 3);
    await put('staging', 'mine.local', true);
    await put('staging', 'mine.token', 'secret two', { sensitive: true });
    const body = await differing('development', 'staging');
    expect(body).toMatchObject({ added: [], modified: [], removed: [] });
    expect(body.owned).toEqual([
      { key: 'mine.local', targetValue: true, changedIn: 'target' },
      { key: 'mine.size', sourceValue: 1, targetValue: 3, changedIn: 'target', agreedValue: 1 },
      expect.objectContaining({ key: 'mine.token', changedIn: 'target' }),
    ]);
    expect(JSON.stringify(body)).not.toContain('secret ');
  });

  it('shows no value that was sensitive then or is now, and still says who changed it', async () => {
    await put('development', 'now', 'plain then');
    await put('development', 'then', 'secret then', { sensitive: true });
    await promoted({ promotionType: 'FULL' });
    await put('development', 'now', 'secret now', { sensitive: true });
    await put('development', 'then', 'plain now', { sensitive: false });
    const body = await differing('development', 'staging');
    expect(body.modified).toMatchObject([
      { key: 'now', changedIn: 'source', agreedValue: { sensitive: true } },
      { key: 'then', changedIn: 'source', agreedValue: { sensitive: true } },
    ]);
    expect(JSON.stringify(body)).not.toMatch(/secret|plain then/);
  });
});
