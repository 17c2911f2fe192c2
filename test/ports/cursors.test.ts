import { describe, expect, it } from 'vitest';
import { dynamoCursors } from '../../functions/adapters/dynamodb/cursors.ts';
import type { Cursors } from '../../functions/ports/cursors.ts';
import { skipWithoutEngine, startEngine } from '../support/engine.ts';
import { memoryCursors } from '../support/memory/cursors.ts';

const contract = (use: (test: (cursors: Cursors) => Promise<void>) => Promise<void>) => {
  it('starts without a position, keeps the last one written, and forgets', () =>
    use(async (cursors) => {
      expect(await cursors.read('walk')).toBeUndefined();
      await cursors.write('walk', undefined);
      await cursors.write('walk', '{"tenant":"a"}');
      await cursors.write('walk', '{"tenant":"b"}');
      expect(await cursors.read('walk')).toBe('{"tenant":"b"}');
      expect(await cursors.read('other')).toBeUndefined();
      await cursors.write('walk', undefined);
      expect(await cursors.read('walk')).toBeUndefined();
    }));
};

describe('cursors in memory', () => contract((test) => test(memoryCursors())));
describe.skipIf(skipWithoutEngine())('cursors in the table', () =>
  contract(async (test) => {
    const engine = await startEngine();
    try {
      await test(dynamoCursors(engine.table));
    } finally {
      await engine.stop();
    }
  }),
);
