import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { item } from '../../functions/adapters/dynamodb/item.ts';
import { newsPartitionsOf } from '../../functions/adapters/dynamodb/keys-log.ts';
import { dynamoLogNews } from '../../functions/adapters/dynamodb/log-news.ts';
import { dynamoLogTree } from '../../functions/adapters/dynamodb/log-tree.ts';
import { s3LogObjects } from '../../functions/adapters/s3/log-objects.ts';
import { digestOfBytes } from '../../functions/domain/digest.ts';
import type { LogObjects } from '../../functions/ports/log-objects.ts';
import type { LogTree } from '../../functions/ports/log-tree.ts';
import { startAwsEndpoint } from '../../local/aws-endpoint.ts';
import { bucketService } from '../../local/objects/service.ts';
import { skipWithoutEngine, startEngine } from '../support/engine.ts';
import { listen } from '../support/listener.ts';
import { memoryLogObjects, memoryLogTree } from '../support/memory/log.ts';
import { onBoth } from './adapters.ts';
import { logNewsContract } from './log.contract.ts';

onBoth('logNews', logNewsContract);

describe.skipIf(skipWithoutEngine())('news as version 0.1.0 wrote it', () => {
  it('is read, named once with what is newer, and forgotten only as it was seen', async () => {
    const engine = await startEngine();
    try {
      const old = (chain: string, seq: number) =>
        engine.table.client.send(
          new PutItemCommand({
            TableName: engine.table.name,
            Item: item({ PK: newsPartitionsOf('acme')[1], SK: `acme#${chain}`, seq }),
          }),
        );
      await old('changes', 4);
      await old('promotion/p1', 2);
      const news = dynamoLogNews(engine.table);
      await news.tell('acme', { chain: 'promotion/p2', seq: 1 });
      const found = await news.of('acme', 10);
      expect(found.map(({ grown }) => grown)).toEqual([
        [{ chain: 'promotion/p2', seq: 1 }],
        [{ chain: 'changes', seq: 4 }],
        [{ chain: 'promotion/p1', seq: 2 }],
      ]);
      const first = await news.tenants({ limit: 1 });
      expect(first.items).toEqual(['acme']);
      await old('changes', 5);
      for (const each of found) await news.forget('acme', each);
      expect((await news.of('acme', 10)).map(({ grown }) => grown)).toEqual([[{ chain: 'changes', seq: 5 }]]);
      const [last] = await news.of('acme', 10);
      if (last !== undefined) await news.forget('acme', last);
      expect(await news.tenants({ limit: 1 })).toEqual({ items: [] });
    } finally {
      await engine.stop();
    }
  });
});

const treeContract = (use: (test: (tree: LogTree) => Promise<void>) => Promise<void>) => {
  it('swaps a head once, and keeps the newest place of each chain', () =>
    use(async (tree) => {
      const [first, batch] = [
        { size: 0, root: 'a' },
        [{ chain: 'changes', seq: 1, digest: digestOfBytes('x') }],
      ];
      expect(await tree.read('acme')).toBeUndefined();
      expect(await tree.swap('acme', 1, first)).toBe(false);
      const racers = await Promise.all(
        Array.from({ length: 8 }, (_, n) => tree.swap('acme', 0, { ...first, size: n })),
      );
      expect(racers.filter(Boolean)).toHaveLength(1);
      expect(await tree.swap('acme', 1, { ...first, batch })).toBe(true);
      expect(await tree.read('acme')).toEqual({ head: { ...first, batch }, version: 2 });
      const signed = { checkpoint: 'note\n', public_key: 'key' };
      expect(await tree.swap('acme', 2, { ...first, signed })).toBe(true);
      expect(await tree.read('acme')).toEqual({ head: { ...first, signed }, version: 3 });
      expect(await tree.read('globex')).toBeUndefined();
      await tree.keep('acme', 'promotion/p', { seq: 2, index: 7 });
      await tree.keep('acme', 'promotion/p', { seq: 1, index: 3 });
      expect(await tree.place('acme', 'promotion/p')).toEqual({ seq: 2, index: 7 });
      expect(await tree.place('globex', 'promotion/p')).toBeUndefined();
    }));
};

describe('heads of logs in memory', () => treeContract((test) => test(memoryLogTree())));
describe.skipIf(skipWithoutEngine())('heads of logs in the table', () =>
  treeContract(async (test) => {
    const engine = await startEngine();
    try {
      await test(dynamoLogTree(engine.table));
    } finally {
      await engine.stop();
    }
  }),
);

const bytesOf = (text: string) => Uint8Array.from(Buffer.from(text));

const objectsContract = (use: (test: (objects: LogObjects) => Promise<void>) => Promise<void>) => {
  it('writes what is not there, replaces what was read, and nothing else', () =>
    use(async (objects) => {
      expect(await objects.get('acme/tile/0/000')).toBeUndefined();
      expect(await objects.put('acme/checkpoint', bytesOf('x'), '"none"')).toBe(false);
      const racers = await Promise.all(
        Array.from({ length: 8 }, (_, n) => objects.put('acme/tile/0/000.p/1', bytesOf(`${n}`))),
      );
      expect(racers.filter(Boolean)).toHaveLength(1);
      expect(await objects.put('acme/tile/0/000', bytesOf('beside'))).toBe(true);
      expect(await objects.put('acme/checkpoint', Uint8Array.of(0, 255, 10, 128))).toBe(true);
      const found = await objects.get('acme/checkpoint');
      expect(found?.bytes).toEqual(Uint8Array.of(0, 255, 10, 128));
      expect(await objects.put('acme/checkpoint', bytesOf('second'), found?.mark)).toBe(true);
      expect(await objects.put('acme/checkpoint', bytesOf('third'), found?.mark)).toBe(false);
      expect(Buffer.from((await objects.get('acme/checkpoint'))?.bytes ?? []).toString()).toBe('second');
    }));
};

const credentials = { accessKeyId: 'LOCAL', secretAccessKey: 'LOCAL' };

describe('objects of logs in memory', () => objectsContract((test) => test(memoryLogObjects())));
describe('objects of logs in a bucket', () => {
  objectsContract(async (test) => {
    const folder = await mkdtemp(join(tmpdir(), 'sluice-bucket-'));
    const endpoint = await startAwsEndpoint({ watchesTable: false, around: (_, __, perform) => perform() });
    endpoint.serve([], [], [bucketService(folder, ['log1'])]);
    try {
      await test(s3LogObjects({ bucket: 'log1', region: 'us-east-1', endpoint: endpoint.url, credentials }));
      expect((await fetch(`${endpoint.url}/log1/acme/tile/0/000`, { method: 'HEAD' })).status).toBe(200);
      expect((await fetch(`${endpoint.url}/log1/acme/tile/0/000`, { method: 'PUT', body: 'x' })).status).toBe(
        501,
      );
      expect((await fetch(`${endpoint.url}/log1/acme/..%2f..%2fsecrets`)).status).toBe(400);
    } finally {
      await endpoint.stop();
      await rm(folder, { recursive: true });
    }
  });

  it('that does not answer, or not as it should, is not available; a call is tried again', async () => {
    let calls = 0;
    const seen: string[] = [];
    const server = await listen(({ headers }, __, response) => {
      calls += 1;
      seen.push(String(headers['authorization']));
      response.writeHead(calls < 3 ? 503 : 200, { etag: '"1"' }).end('here');
    });
    try {
      const objects = s3LogObjects({
        bucket: 'log1',
        region: 'us-east-1',
        endpoint: `http://127.0.0.1:${server.port}`,
        credentials,
      });
      expect(Buffer.from((await objects.get('acme/checkpoint'))?.bytes ?? []).toString()).toBe('here');
      expect(seen).toHaveLength(3);
      expect(seen[0]).toMatch(
        /^AWS4-HMAC-SHA256 Credential=LOCAL\/\d{8}\/us-east-1\/s3\/aws4_request, .*x-amz-content-sha256/,
      );
      calls = -10;
      await expect(objects.get('acme/checkpoint')).rejects.toMatchObject({ name: 'Unavailable' });
    } finally {
      await server.stop();
    }
    const refusing = await listen((_, __, response) => response.writeHead(403).end());
    try {
      const objects = s3LogObjects({
        bucket: 'log1',
        region: 'us-east-1',
        endpoint: `http://127.0.0.1:${refusing.port}`,
        credentials,
      });
      await expect(objects.get('a')).rejects.toThrow('answered 403 to GET a');
      await expect(objects.put('a', bytesOf('x'))).rejects.toThrow('answered 403 to PUT a');
    } finally {
      await refusing.stop();
    }
  });
});
