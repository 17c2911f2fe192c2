import { describe, expect, it } from 'vitest';
import { times } from '../support/length.ts';
import { testSigner } from '../support/signer.ts';
import {
  at,
  attached,
  dev,
  eachRecorded,
  one,
  promoted,
  promotions,
  records,
  statusOf,
} from './artifact-records-world.ts';

eachRecorded();

describe('attaching', () => {
  it('again, and twice at once, leaves one referrer, though each signature of the key is another', async () => {
    const { root, id } = await promoted('v1.2.3');
    await Promise.all([attached(id), attached(id)]);
    const [first] = await records(root);
    await attached(id);
    for (const registry of [one.main, one.dr]) {
      expect((await records(root, registry)).map(({ digest }) => digest)).toEqual([first?.digest]);
    }
  });

  // Every request is a place to die at; the usual run takes one in five.
  it('that dies at any request ends with one referrer in each registry', async () => {
    let whole = 0;
    const measured = await promoted('v1.0.0');
    one.through = (exchange) => (request) => {
      whole += 1;
      return exchange(request);
    };
    await attached(measured.id);
    expect(whole).toBeGreaterThan(10);
    for (let kill = 1; kill <= whole; kill += times(11, 1)) {
      one.through = (exchange) => exchange;
      const { root, id } = await promoted(`v2.0.${kill}`);
      let count = 0;
      one.through = (exchange) => async (request) => {
        count += 1;
        if (count > kill) throw new Error('dead');
        const response = await exchange(request);
        if (count === kill) throw new Error('killed');
        return response;
      };
      await attached(id);
      one.through = (exchange) => exchange;
      expect(await attached(id), `${kill}`).toBe(0);
      for (const registry of [one.main, one.dr]) expect(await records(root, registry)).toHaveLength(1);
    }
  });

  it('waits for a registry that is down, which undoes nothing, and the status says so', async () => {
    const { root, id } = await promoted('v1.2.3');
    one.through = (exchange) => async (request) => {
      if (request.url.startsWith(one.dr.url)) throw new Error('gone');
      return exchange(request);
    };
    expect(await attached(id)).toBe(1);
    expect((await dev('GET', `${promotions}/${id}`)).body).toMatchObject({ status: 'completed' });
    expect(await statusOf('staging')).toMatchObject([
      { registry: 'main', status: 'attached' },
      { registry: 'dr', status: 'pending', error: expect.stringContaining('gone') },
    ]);
    one.through = (exchange) => exchange;
    expect(await attached(id)).toBe(0);
    expect(await statusOf('staging')).toMatchObject([{ status: 'attached' }, { status: 'attached' }]);
    for (const registry of [one.main, one.dr]) expect(await records(root, registry)).toHaveLength(1);
  });

  it('gives a registry up that was removed or lost the artifact, and says so', async () => {
    const { root, id } = await promoted('v1.2.3');
    await at(one.dr).removeManifest(root);
    expect(await attached(id)).toBe(0);
    expect(await statusOf('staging')).toMatchObject([
      { status: 'attached' },
      { status: 'gone', error: expect.stringContaining('no longer has') },
    ]);
    const other = await promoted('v1.2.4');
    const removed = await one.as('admin')('DELETE', '/api/v1/registries/dr?reason=gone');
    expect(removed, JSON.stringify(removed.body)).toMatchObject({ status: 204 });
    expect(await attached(other.id)).toBe(0);
    expect(await statusOf('staging')).toMatchObject([
      { status: 'attached' },
      { status: 'gone', error: 'the registry dr is not what it was' },
    ]);
  });

  it('does nothing while the key cannot sign, and comes again', async () => {
    const { root, id } = await promoted('v1.2.3');
    const signer = {
      ...testSigner,
      signMessage: async () => {
        throw new Error('the key service is away');
      },
    };
    expect(await attached(id, { signer })).toBe(1);
    expect(await records(root)).toEqual([]);
    expect(await attached(id)).toBe(0);
    expect(await records(root)).toHaveLength(1);
  });
});
