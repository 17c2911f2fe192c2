import type { Stores } from '../../ports/stores.ts';
import { dynamoCommonStores } from './common-stores.ts';
import { dynamoEvaluations } from './evaluations.ts';
import { dynamoNotificationStores } from './notification-stores.ts';
import type { Table } from './table.ts';

/** Every store over one table; `now` judges whether a idempotency record has expired. Functions load what they need of them. */
export function dynamoStores(table: Table, now?: () => string): Stores {
  return {
    ...dynamoCommonStores(table, now),
    ...dynamoNotificationStores(table),
    evaluations: dynamoEvaluations(table),
  };
}
