import { expect, it } from 'vitest';
import { MOST_STREAMS, mostStreams } from '../../../functions/domain/flags/stream-event.ts';

it.each([
  [0, { tenant: 1, key: 1 }],
  [1, { tenant: 1, key: 1 }],
  [3, { tenant: 1, key: 1 }],
  [10, { tenant: 5, key: 2 }],
  [200, { tenant: 100, key: 50 }],
  [400, MOST_STREAMS],
  [9999, MOST_STREAMS],
])('gives a tenant at most half of %i reserved streams, and a key half of that', (reserved, most) => {
  expect(mostStreams(reserved)).toEqual(most);
});
