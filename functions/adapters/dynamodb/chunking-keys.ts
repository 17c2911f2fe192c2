import { randomBytes } from 'node:crypto';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { Fault } from '../../domain/faults.ts';
import type { ChunkingKeys } from '../../ports/chunking-keys.ts';
import { conditional } from './call.ts';
import { item } from './item.ts';
import { saltKey } from './keys.ts';
import { readItem } from './read.ts';
import type { Table } from './table.ts';

const SALT = 'salt';
const BYTES = 32;

/** Salts in an item of their own: nothing that shows a tenant can show one. Kept for the life of the process, since they never change. */
export function dynamoSalts(table: Table): ChunkingKeys {
  const known = new Map<string, Uint8Array>();
  return {
    async of(tenant) {
      const salt = known.get(tenant) ?? (await stored(table, tenant)) ?? (await made(table, tenant));
      known.set(tenant, salt);
      return salt;
    },
  };
}

async function stored(table: Table, tenant: string): Promise<Uint8Array | undefined> {
  const found = await readItem(table, saltKey(tenant));
  if (found === undefined) return undefined;
  const salt = found[SALT]?.B;
  if (salt?.length !== BYTES) throw new Fault('Corrupt', `the tree salt of ${tenant} is not ${BYTES} bytes`);
  return salt;
}

/** The first of those who make one at once wins; the others use the first one's. */
async function made(table: Table, tenant: string): Promise<Uint8Array> {
  const salt = randomBytes(BYTES);
  const command = new PutItemCommand({
    TableName: table.name,
    Item: item({ ...saltKey(tenant), [SALT]: { B: salt } }),
    ConditionExpression: 'attribute_not_exists(PK)',
  });
  if (await conditional(() => table.client.send(command))) return salt;
  const first = await stored(table, tenant);
  if (first === undefined) throw new Fault('Corrupt', `the tree salt of ${tenant} vanished`);
  return first;
}
