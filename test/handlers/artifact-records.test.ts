import { beforeEach, describe, expect, it } from 'vitest';
import type { Exchange } from '../../functions/adapters/oci/exchange.ts';
import { RECORD_TYPE } from '../../functions/domain/artifact/promotion-record.ts';
import { fallbackTag, ofType, referrersIndex } from '../../functions/domain/artifact/referrers.ts';
import { verifyRecord } from '../../functions/domain/artifact/verify-record.ts';
import { type Digest, digestOfBytes } from '../../functions/domain/digest.ts';
import { notifyHandler } from '../../functions/handlers/events/notify.ts';
import { deliverHandler } from '../../functions/handlers/queues/deliver.ts';
import type { Repository } from '../../functions/ports/registry.ts';
import { announcements } from '../../functions/use-cases/engine/announce.ts';
import type { Task } from '../../functions/use-cases/notifications/notify.ts';
import { times } from '../support/length.ts';
import { memoryOrderedQueue } from '../support/memory/queue.ts';
import { testSigner } from '../support/signer.ts';
import { ACME } from './api-world.ts';
import { artifactWorld } from './artifacts-world.ts';
import { testLog } from './log.ts';

const one = artifactWorld();
const promotions = '/api/v1/promotions';
const dev: ReturnType<typeof one.as> = (...call) => one.as('dev')(...call);
const at = (registry = one.main) => one.at(registry, one.path());
const records = async (digest: Digest, registry = one.main) =>
  ofType(await at(registry).referrers(digest), RECORD_TYPE);

beforeEach(async () => {
  for (const environment of ['staging', 'production']) {
    await one.as('admin')('PATCH', `/api/v1/environments/${environment}`, { gates: [], reason: 'test' });
  }
  one.world.at('2026-11-21T10:00:00.000Z');
});

/** Publishes a version and promotes it to staging and, synced, to the other registry. */
async function promoted(version: string, over: object = {}) {
  const pushed = await one.published(version);
  const asked = { version, target_environment: 'staging', sync_registries: true, ...over };
  const made = await dev('POST', promotions, asked);
  await one.world.run(made.body.id);
  return { ...pushed, id: String(made.body.id) };
}

async function toProduction(version: string, sync_registries: boolean) {
  const asked = { version, target_environment: 'production', sync_registries };
  const { body } = await dev('POST', promotions, asked);
  await one.as('alice')('POST', `${promotions}/${body.id}/approve`);
  await dev('POST', `${promotions}/${body.id}/execute`);
  await one.world.run(body.id);
  return String(body.id);
}

/** What the bus says of a promotion goes through the queue to the function that attaches. Answers how many messages come again. */
async function attached(id: string, change: object = {}): Promise<number> {
  const queue = memoryOrderedQueue<Task>();
  const deps = { ...one.world.deps, ...change };
  const notify = notifyHandler(
    () => ({ ...deps, queue }),
    testLog(),
    () => {},
  );
  const state = (await deps.promotions.read(ACME, id))?.state;
  if (state === undefined) throw new Error(`there is no promotion ${id}`);
  const said = announcements(state, await deps.promotions.events(ACME, id));
  // The rule of the bus lets only these through.
  for (const detail of said.filter(({ type }) => type.startsWith('dev.cdeventsx.'))) await notify({ detail });
  const returns = { postpone: async () => {}, deadLetter: async () => {} };
  const deliver = deliverHandler(
    () => deps,
    () => ({ returns, attempts: 50 }),
    testLog(),
    () => {},
    () => 0,
  );
  const Records = queue.sent
    .filter(({ message }) => 'attach' in message)
    .map(({ message }, number) => ({
      messageId: `m-${number}`,
      receiptHandle: `r-${number}`,
      body: JSON.stringify(message),
      attributes: { ApproximateReceiveCount: '1' },
    }));
  expect(Records.length).toBe(1);
  return (await deliver({ Records })).batchItemFailures.length;
}

async function envelopeOf(repository: Repository, referrer: Digest): Promise<string> {
  const manifest = await repository.readManifest(referrer);
  const { layers } = JSON.parse(Buffer.from(manifest?.bytes ?? []).toString('utf8'));
  const parts: Uint8Array[] = [];
  for await (const part of repository.readBlob(layers[0])) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}

const statusOf = async (environment: string) => {
  const { body } = await dev('GET', '/api/v1/artifacts/platform/status');
  return body.environments.find((each: { environment: string }) => each.environment === environment).record;
};

/** A registry without the referrers API, as Debian's is. */
const withoutApi =
  (exchange: Exchange): Exchange =>
  async (request) => {
    if (!request.url.includes('/referrers/')) return exchange(request);
    return { status: 404, headers: {}, body: (async function* () {})(), discard() {} };
  };

describe('the record of a completed promotion', () => {
  it('is a signed referrer of the digest in each registry, with every field of the document', async () => {
    const { root, id } = await promoted('v1.2.3');
    const before = await at().readManifest(root);
    expect(await statusOf('staging')).toBeNull();
    expect(await attached(id)).toBe(0);
    expect(await at().readManifest(root)).toEqual(before);
    for (const registry of [one.main, one.dr]) {
      const [record, ...more] = await records(root, registry);
      expect(more).toEqual([]);
      const envelope = await envelopeOf(at(registry), record?.digest ?? root);
      expect(verifyRecord(envelope, await testSigner.publicKey())).toMatchObject({
        digest: root,
        key_id: 'test-key',
        record: {
          promotion_id: id,
          artifact: { kind: 'artifact', name: 'platform', version: 'v1.2.3', digest: root },
          source_env: 'development',
          target_env: 'staging',
          timestamp: '2026-11-21T10:00:00.000Z',
          promoted_by: 'dev@acme.com',
          approval: { required: false, approvers: [], approval_timestamp: null },
          validation_gates: { policy_compliance: 'PASSED' },
          result: 'SUCCESS',
        },
      });
    }
    const referrer = (await records(root))[0]?.digest;
    expect(await statusOf('staging')).toMatchObject([
      { registry: 'main', status: 'attached', referrer, error: null },
      { registry: 'dr', status: 'attached', referrer, error: null },
    ]);
  });

  it('names who approved, and when', async () => {
    const { root } = await promoted('v1.2.3');
    await attached(await toProduction('v1.2.3', false));
    const [record] = await records(root);
    expect(
      verifyRecord(await envelopeOf(at(), record?.digest ?? root), await testSigner.publicKey()),
    ).toMatchObject({
      record: {
        target_env: 'production',
        approval: {
          required: true,
          approvers: ['alice@acme.com'],
          approval_timestamp: '2026-11-21T10:00:00.000Z',
        },
      },
    });
  });

  it('stays what it was when the promotion is rolled back before it is attached', async () => {
    const first = await promoted('v1.2.3');
    const { id, root } = await promoted('v1.2.4');
    const back = await dev('POST', `${promotions}/${id}/rollback`, {
      reason: 'broken',
      acknowledge_risk: true,
    });
    await one.world.run(back.body.id);
    expect((await dev('GET', `${promotions}/${id}`)).body).toMatchObject({ status: 'rolled_back' });
    await attached(id);
    const [record] = await records(root);
    const verified = verifyRecord(
      await envelopeOf(at(), record?.digest ?? root),
      await testSigner.publicKey(),
    );
    expect(verified).toMatchObject({ record: { promotion_id: id, result: 'SUCCESS' } });
    expect(await records(first.root)).toEqual([]);
  });
});

describe('attaching', () => {
  it('again, and twice at once, leaves one referrer, though each signature of the key is another', async () => {
    const { root, id } = await promoted('v1.2.3');
    await Promise.all([attached(id), attached(id)]);
    const [first] = await records(root);
    await attached(id);
    for (const registry of [one.main, one.dr]) {
      expect((await records(root, registry)).map(({ digest }) => digest)).toEqual([first?.digest]);
    }
  });

  // Every request is a place to die at; the usual run takes one in five.
  it('that dies at any request ends with one referrer in each registry', async () => {
    let whole = 0;
    const measured = await promoted('v1.0.0');
    one.through = (exchange) => (request) => {
      whole += 1;
      return exchange(request);
    };
    await attached(measured.id);
    expect(whole).toBeGreaterThan(10);
    for (let kill = 1; kill <= whole; kill += times(5, 1)) {
      one.through = (exchange) => exchange;
      const { root, id } = await promoted(`v2.0.${kill}`);
      let count = 0;
      one.through = (exchange) => async (request) => {
        count += 1;
        if (count > kill) throw new Error('dead');
        const response = await exchange(request);
        if (count === kill) throw new Error('killed');
        return response;
      };
      await attached(id);
      one.through = (exchange) => exchange;
      expect(await attached(id), `${kill}`).toBe(0);
      for (const registry of [one.main, one.dr]) expect(await records(root, registry)).toHaveLength(1);
    }
  });

  it('waits for a registry that is down, which undoes nothing, and the status says so', async () => {
    const { root, id } = await promoted('v1.2.3');
    one.through = (exchange) => async (request) => {
      if (request.url.startsWith(one.dr.url)) throw new Error('gone');
      return exchange(request);
    };
    expect(await attached(id)).toBe(1);
    expect((await dev('GET', `${promotions}/${id}`)).body).toMatchObject({ status: 'completed' });
    expect(await statusOf('staging')).toMatchObject([
      { registry: 'main', status: 'attached' },
      { registry: 'dr', status: 'pending', error: expect.stringContaining('gone') },
    ]);
    one.through = (exchange) => exchange;
    expect(await attached(id)).toBe(0);
    expect(await statusOf('staging')).toMatchObject([{ status: 'attached' }, { status: 'attached' }]);
    for (const registry of [one.main, one.dr]) expect(await records(root, registry)).toHaveLength(1);
  });

  it('gives a registry up that was removed or lost the artifact, and says so', async () => {
    const { root, id } = await promoted('v1.2.3');
    await at(one.dr).removeManifest(root);
    expect(await attached(id)).toBe(0);
    expect(await statusOf('staging')).toMatchObject([
      { status: 'attached' },
      { status: 'gone', error: expect.stringContaining('no longer has') },
    ]);
    const other = await promoted('v1.2.4');
    const removed = await one.as('admin')('DELETE', '/api/v1/registries/dr');
    expect(removed, JSON.stringify(removed.body)).toMatchObject({ status: 204 });
    expect(await attached(other.id)).toBe(0);
    expect(await statusOf('staging')).toMatchObject([
      { status: 'attached' },
      { status: 'gone', error: 'the registry dr is not what it was' },
    ]);
  });

  it('does nothing while the key cannot sign, and comes again', async () => {
    const { root, id } = await promoted('v1.2.3');
    const signer = {
      ...testSigner,
      signMessage: async () => {
        throw new Error('the key service is away');
      },
    };
    expect(await attached(id, { signer })).toBe(1);
    expect(await records(root)).toEqual([]);
    expect(await attached(id)).toBe(0);
    expect(await records(root)).toHaveLength(1);
  });
});

describe('where the registry lists referrers by a tag', () => {
  it('keeps every record and every signature, though promotions write the tag at once', async () => {
    const { root } = await one.published('v1.2.3');
    const signatures = await at().referrers(root);
    const tag = fallbackTag(root);
    const list = Buffer.from(referrersIndex(signatures));
    const mediaType = 'application/vnd.oci.image.index.v1+json';
    await at().writeManifest(tag, { digest: digestOfBytes(list), mediaType, bytes: list });
    one.through = withoutApi;
    const made = await dev('POST', promotions, {
      version: 'v1.2.3',
      target_environment: 'staging',
      sync_registries: true,
    });
    const id = String(made.body.id);
    await one.world.run(id);
    // What the copy of another promotion does, and what attaching does, each slowed down between reading and writing.
    one.through = (exchange) => async (request) => {
      const answer = await withoutApi(exchange)(request);
      if (request.method === 'GET' && request.url.endsWith(tag)) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      return answer;
    };
    const real = {
      sleep: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
      random: () => 0.5,
    };
    Object.assign(one.world.deps, real);
    const asked = { version: 'v1.2.3', target_environment: 'production', sync_registries: true };
    const { body } = await dev('POST', promotions, asked);
    await one.as('alice')('POST', `${promotions}/${body.id}/approve`);
    await dev('POST', `${promotions}/${body.id}/execute`);
    await Promise.all([attached(id), one.world.run(body.id)]);
    await Promise.all([attached(id), attached(body.id)]);
    for (const registry of [one.main, one.dr]) {
      const manifest = await at(registry).readManifest(tag);
      const listed = JSON.parse(Buffer.from(manifest?.bytes ?? []).toString('utf8')).manifests;
      const digests = listed.map(({ digest }: { digest: string }) => digest);
      for (const { digest } of signatures) expect(digests).toContain(digest);
      expect(
        listed.filter((each: { artifactType: string }) => each.artifactType === RECORD_TYPE),
      ).toHaveLength(2);
    }
  });
});

describe('a later promotion', () => {
  it('takes the records of earlier ones along, as what else refers to the artifact', async () => {
    const { root, id } = await promoted('v1.2.3', { sync_registries: false });
    await attached(id);
    expect(await records(root)).toHaveLength(1);
    expect(await at(one.dr).resolve(root)).toBeUndefined();
    const next = await toProduction('v1.2.3', true);
    expect(await records(root, one.dr)).toEqual(await records(root));
    await attached(next);
    const both = await records(root);
    expect(both).toHaveLength(2);
    expect((await records(root, one.dr)).map(({ digest }) => digest).sort()).toEqual(
      both.map(({ digest }) => digest).sort(),
    );
  });
});
