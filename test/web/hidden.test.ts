import { describe, expect, it } from 'vitest';
import { LOOKS_SECRET } from '../../functions/domain/config-tree/looks-secret.ts';
import { shown } from '../../web/words/hidden.ts';

describe('values on a page', () => {
  it('are shown where nothing looks like a secret', () => {
    expect(shown('query.timeout', '120s', '180s')).toEqual(['120s', '180s']);
  });

  it('are hidden on both sides where one looks like a secret, by its key or by its form', () => {
    expect(shown('db.password', undefined, 'hunter2')).toEqual([undefined, LOOKS_SECRET]);
    expect(shown('db.url', 'none', 'postgres://app:hunter2@db.internal/app')).toEqual([
      LOOKS_SECRET,
      LOOKS_SECRET,
    ]);
    expect(shown('login', { user: 'app', password: 'hunter2' })).toEqual([LOOKS_SECRET]);
  });
});
