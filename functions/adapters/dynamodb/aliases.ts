import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { Write } from '../../ports/transaction.ts';
import { withWidth } from './batches.ts';
import { call } from './call.ts';
import { item } from './item.ts';
import type { Key } from './key-parts.ts';
import { aliasKey } from './keys-alias.ts';
import type { Table } from './table.ts';

/** Calls under way at once. */
const AT_ONCE = 8;

/**
 * Notes how the people and machines of a commit are called, before the commit: promotions are found by e-mail address too, of those who
 * left as well, so an alias is never removed. Idempotent; one without its member finds nothing.
 */
export async function writeAliases(table: Table, tenant: string, writes: readonly Write[]): Promise<void> {
  const keys = writes.flatMap((write) => aliasOf(tenant, write));
  await withWidth(keys, AT_ONCE, async (key) => {
    await call(() => table.client.send(new PutItemCommand({ TableName: table.name, Item: item(key) })));
  });
}

function aliasOf(tenant: string, write: Write): readonly Key[] {
  if (write.write === 'membership')
    return [aliasKey(tenant, write.membership.email, write.membership.subject)];
  if (write.write === 'machine') return [aliasKey(tenant, write.machine.owner, write.machine.id)];
  return [];
}
