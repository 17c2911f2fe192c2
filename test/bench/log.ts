import { dynamoLogTree } from '../../functions/adapters/dynamodb/log-tree.ts';
import { dynamoStores } from '../../functions/adapters/dynamodb/stores.ts';
import { base64Of } from '../../functions/domain/digest.ts';
import {
  checkpointText,
  logOrigin,
  signedCheckpoint,
} from '../../functions/domain/transparency-log/checkpoint.ts';
import { edgePaths, grow } from '../../functions/domain/transparency-log/grow.ts';
import type { LogObjects } from '../../functions/ports/log-objects.ts';
import { feedLogs } from '../../functions/use-cases/transparency-log/feed.ts';
import { provePromotion } from '../../functions/use-cases/transparency-log/prove.ts';
import { startEngine } from '../support/engine.ts';
import { memoryLogObjects } from '../support/memory/log.ts';
import { meter } from '../support/metered.ts';
import { testNoteSigner } from '../support/signer.ts';
import {
  changed,
  type LogWorld,
  logWorld,
  READER,
  requested,
  TENANT,
} from '../use-cases/transparency-log/world.ts';
import { printTable } from './print.ts';

const SIZES = [1_000, 10_000, 100_000];
const BATCHES = 100;
/** Commits of one record each in a batch. */
const EVENTS = [1, 10];

/**
 * Dollars for each: on-demand units of the table, requests of S3 Standard, a signature of an asymmetric key, and an invocation of 200 ms at
 * 512 MB of ARM (us-east-1, November 2026).
 */
const PRICE = { write: 0.625e-6, read: 0.125e-6, put: 5e-6, get: 0.4e-6, sign: 15e-6, invocation: 1.53e-6 };

/** What the log costs for 1,000 records, each a commit of its own, by how many come to a batch; and what the proof of one promotion reads. */
export async function benchLog(): Promise<void> {
  const rows: (string | number)[][] = [
    [
      'events in the log',
      'in a batch',
      'WRU',
      'RRU',
      'PUT',
      'GET',
      'signatures',
      '$ per 1,000',
      'objects per proof',
      'bytes of a proof',
    ],
  ];
  for (const events of EVENTS) for (const size of SIZES) rows.push(await rowOf(size, events));
  printTable(
    `The transparency log: ${BATCHES} batches (at most $0.04 per 1,000 events at one a batch, $0.01 at ten)`,
    rows,
  );
}

async function rowOf(size: number, events: number): Promise<(string | number)[]> {
  const engine = await startEngine();
  try {
    const [table, fed] = [engine.open(), engine.open()];
    const used = meter(fed);
    const plain = dynamoStores(table);
    const { logNews, promotions, changes } = dynamoStores(fed);
    const calls = { get: 0, put: 0, sign: 0 };
    const objects = memoryLogObjects();
    const deps: LogWorld = {
      ...logWorld(),
      ...plain,
      ...{ logNews, promotions, changes },
      logTree: dynamoLogTree(fed),
      logObjects: Object.assign(counted(objects, calls), { all: objects.all }),
      noteSigner: {
        ...testNoteSigner,
        sign(message) {
          calls.sign += 1;
          return testNoteSigner.sign(message);
        },
      },
    };
    await filled(deps, size);
    const id = await requested(deps);
    await feedLogs(deps, '2026-11-22T09:01:00.000Z');
    Object.assign(calls, { get: 0, put: 0, sign: 0 });
    Object.assign(used, { writeUnits: 0, readUnits: 0 });
    for (let batch = 0; batch < BATCHES; batch += 1) {
      for (let n = 0; n < events; n += 1) await changed(deps, 'a reason');
      await feedLogs(deps, '2026-11-22T09:01:00.000Z');
    }
    const { readUnits } = used;
    // The news of each commit is two units of its transaction.
    const writeUnits = used.writeUnits + 2 * BATCHES * events;
    const { get, put, sign } = calls;
    const spent =
      writeUnits * PRICE.write +
      readUnits * PRICE.read +
      put * PRICE.put +
      get * PRICE.get +
      sign * PRICE.sign +
      BATCHES * PRICE.invocation;
    const dollars = ((spent / (BATCHES * events)) * 1_000).toFixed(4);
    calls.get = 0;
    const proof = await provePromotion(deps, READER, id);
    if (typeof proof !== 'string') throw new Error(proof.detail);
    return [size, events, writeUnits, readUnits, put, get, sign, dollars, calls.get, proof.length];
  } finally {
    await engine.stop();
  }
}

const counted = (objects: LogObjects, calls: { get: number; put: number }): LogObjects => ({
  get(path) {
    calls.get += 1;
    return objects.get(path);
  },
  put(path, bytes, mark) {
    calls.put += 1;
    return objects.put(path, bytes, mark);
  },
});

/** Fills a log as the feeder does, without chains behind it. */
async function filled({ logTree, logObjects, noteSigner }: LogWorld, wanted: number): Promise<void> {
  let [size, root] = [0, new Uint8Array(32)];
  while (size < wanted) {
    const paths = edgePaths(size);
    const read = new Map(
      await Promise.all(
        paths.map(async (path) => [path, (await logObjects.get(`${TENANT}/${path}`))?.bytes] as const),
      ),
    );
    const entries = Array.from({ length: Math.min(256, wanted - size) }, (_, n) =>
      new TextEncoder().encode(`entry ${size + n}`),
    );
    const grown = grow(size, entries, (path) => read.get(path));
    for (const { path, bytes } of grown.objects) await logObjects.put(`${TENANT}/${path}`, bytes);
    size = grown.size;
    root = Uint8Array.from(grown.root);
  }
  const head = { origin: logOrigin(TENANT), size, root };
  const public_key = await noteSigner.publicKey();
  const signature = await noteSigner.sign(new TextEncoder().encode(checkpointText(head)));
  const checkpoint = signedCheckpoint(head, public_key, signature);
  await logTree.swap(TENANT, 0, { size, root: base64Of(root), signed: { checkpoint, public_key } });
}
