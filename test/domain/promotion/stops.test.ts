import { expect, it } from 'vitest';
import { refuseLocked } from '../../../functions/domain/promotion/stops.ts';
import { NOON } from '../../support/promotion-facts.ts';

it.each([
  ['environment', 'production is locked: incident'],
  ['tenant', 'everything is locked: incident'],
] as const)('a lock of the %s says what is locked, why, by whom and since when', (scope, detail) => {
  const lock = { reason: 'incident', by: 'admin', at: NOON, scope };
  expect(refuseLocked('production', lock)).toMatchObject({ refused: 'locked', detail, data: lock });
});
