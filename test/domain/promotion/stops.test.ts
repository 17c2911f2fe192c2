import { expect, it } from 'vitest';
import { refuseLocked, stopsOf } from '../../../functions/domain/promotion/stops.ts';
import { NOON } from '../../support/promotion-facts.ts';
import { promotionIn } from '../../support/promotions.ts';

it.each([
  ['environment', 'production is locked: incident'],
  ['tenant', 'everything is locked: incident'],
] as const)('a lock of the %s says what is locked, why, by whom and since when', (scope, detail) => {
  const lock = { reason: 'incident', by: 'admin', at: NOON, scope };
  expect(refuseLocked('production', lock)).toMatchObject({ refused: 'locked', detail, data: lock });
});

it.each([
  [undefined, 'production is frozen: stocktaking', null],
  [NOON, `production is frozen until ${NOON}: stocktaking`, NOON],
])('a freeze that ends at %s says why, and until when where it ends', (ends_at, detail, until) => {
  const { state } = promotionIn('approved');
  const freeze = { id: 'frz-1', reason: 'stocktaking', ...(ends_at === undefined ? {} : { ends_at }) };
  const [stop] = stopsOf(state, { freeze });
  expect(stop).toMatchObject({ code: 'frozen', refusal: { detail, data: { ends_at: until } } });
});
