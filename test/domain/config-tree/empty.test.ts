import { expect, it } from 'vitest';
import { EMPTY_ROOT, knowingEmpty } from '../../../functions/domain/config-tree/empty.ts';
import type { Digest } from '../../../functions/domain/digest.ts';
import { contentOf } from '../../support/promotion-facts.ts';

it('the empty tree is known to whoever asks for it, and nobody is asked for it', async () => {
  const asked: Digest[][] = [];
  const other = contentOf('another node');
  const reader = knowingEmpty({
    async read(ids) {
      asked.push([...ids]);
      return new Map(ids.map((id) => [id, new Uint8Array([1])]));
    },
  });
  expect([...(await reader.read([other], 'strong')).keys()]).toEqual([other]);
  expect([...(await reader.read([EMPTY_ROOT, other], 'strong')).keys()].toSorted()).toEqual(
    [other, EMPTY_ROOT].toSorted(),
  );
  expect([...(await reader.read([EMPTY_ROOT], 'strong')).keys()]).toEqual([EMPTY_ROOT]);
  expect(asked).toEqual([[other], [other], []]);
});
