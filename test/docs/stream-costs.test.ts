import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { randomIds } from '../../functions/adapters/ids.ts';
import type { FlagKey } from '../../functions/domain/flags/flag-key.ts';
import { secretDigest } from '../../functions/domain/flags/flag-key.ts';
import { LIFE, MOST_STREAMS } from '../../functions/domain/flags/stream-event.ts';
import { emptyHead } from '../../functions/domain/promotion/head.ts';
import type { Slot } from '../../functions/domain/subject.ts';
import type { Noun } from '../../functions/ports/catalog-store.ts';
import { slotIn } from '../../functions/use-cases/config/slot.ts';
import { followFlags, streamEnd } from '../../functions/use-cases/flags/follow-flags.ts';
import { CONFIG_FUNCTIONS } from '../../infra/functions/config.ts';
import { memoryStores } from '../support/replayed-stores.ts';

const START = '2026-11-22T09:00:00.000Z';
const CLIENTS = 1_000;

/** Published prices of us-east-1 in dollars, as docs/operations.md names them. */
const PRICE = {
  gbSecond: 0.0000133334,
  invocation: 0.2e-6,
  read: 0.125e-6,
  write: 0.625e-6,
  gatewayRequest: 1e-6,
} as const;

/** What one stream of middle length asks of the stores while nothing changes. */
async function idleStream() {
  const stores = memoryStores();
  const key: FlagKey = {
    ...{ id: 'key-1', name: 'web', environment: 'staging', type: 'server', allowed_origins: [] },
    ...{ secret_digest: secretDigest('s'.repeat(43)), version: 1, created_at: START, updated_at: START },
  };
  await stores.transactions.commit('acme', [
    { write: 'catalog', entry: { type: 'flag_key', item: key }, expected: 0 },
  ]);
  let now = Date.parse(START);
  let [looks, keys] = [0, 0];
  const deps = {
    ...stores,
    clock: { now: () => new Date(now).toISOString() },
    async sleep(ms: number) {
      now += ms;
    },
    heads: {
      ...stores.heads,
      async peek(tenant: string, slot: Slot) {
        looks += 1;
        return await stores.heads.peek(tenant, slot);
      },
    },
    catalog: {
      ...stores.catalog,
      async item<N extends Noun>(tenant: string, noun: N, id: string) {
        keys += 1;
        return await stores.catalog.item(tenant, noun, id);
      },
    },
  };
  const head = emptyHead(slotIn('staging'), START);
  const until = streamEnd(START, 0.5);
  const texts: string[] = [];
  for await (const text of followFlags(deps, { tenant: 'acme', key, head, lastEventId: undefined, until }))
    texts.push(text);
  expect(texts.length).toBeGreaterThan(2);
  return { looks, keys, seconds: (now - Date.parse(START)) / 1000 };
}

/** KB of the list of places when a tenant has as many as there are. */
function listKb(): number {
  const key = randomIds.next('key');
  const line = `${key}/${randomIds.next('stream')} ${START}\n`;
  return (line.length * MOST_STREAMS.tenant) / 1024;
}

it('docs/operations.md says what streams of changes cost', async () => {
  const { looks, keys, seconds } = await idleStream();
  expect(seconds).toBeGreaterThanOrEqual(LIFE.shortest);
  expect(seconds).toBeLessThanOrEqual(LIFE.longest);
  const streams = (CLIENTS * 3600) / seconds;
  const { memory } = CONFIG_FUNCTIONS.find(({ name }) => name === 'flag-stream') ?? { memory: 0 };
  const [read, write] = [Math.ceil(listKb() / 4), Math.ceil(listKb())];
  // To open: key, head and places, consistently; the places again to give one back.
  const reads = streams * (looks * 0.5 + keys + 2 + 2 * read);
  const writes = streams * 2 * write;
  const compute = CLIENTS * 3600 * (memory / 1024) * PRICE.gbSecond;
  const refetches =
    streams * (PRICE.gatewayRequest + PRICE.invocation + 0.1 * PRICE.gbSecond + 3 * PRICE.read);
  const polls =
    CLIENTS * 120 * (PRICE.gatewayRequest + PRICE.invocation + 0.1 * PRICE.gbSecond + 3 * PRICE.read);
  const rows = [
    ['execution', `${memory} MB for ${CLIENTS * 3600} s`, compute],
    ['reads', `${Math.round(reads)} RRU`, reads * PRICE.read],
    ['places', `${Math.round(writes)} WRU`, writes * PRICE.write],
    [
      'connections',
      `${Math.round(streams)} streams, each with a 304`,
      streams * PRICE.invocation + refetches,
    ],
  ] as const;
  const total = rows.reduce((sum, [, , dollars]) => sum + dollars, 0);
  const lines = rows.map(([what, count, dollars]) => `| ${what} | ${count} | ${money(dollars)} |`);
  const page = await readFile('docs/operations.md', 'utf8');
  for (const line of [
    ...lines,
    `| **all** | | **${money(total)}** |`,
    `| polling every 30 s instead | ${CLIENTS * 120} requests | ${money(polls)} |`,
  ])
    expect(page).toContain(line);
});

const money = (dollars: number): string => `$${dollars.toFixed(2)}`;
