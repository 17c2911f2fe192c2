import { describe, expect, it } from 'vitest';
import type { Exchange } from '../../functions/adapters/oci/exchange.ts';
import { RECORD_TYPE } from '../../functions/domain/artifact/promotion-record.ts';
import { fallbackTag, referrersIndex } from '../../functions/domain/artifact/referrers.ts';
import { verifyRecord } from '../../functions/domain/artifact/verify-record.ts';
import { digestOfBytes } from '../../functions/domain/digest.ts';
import { testSigner } from '../support/signer.ts';
import {
  at,
  attached,
  dev,
  eachRecorded,
  envelopeOf,
  one,
  promoted,
  promotions,
  records,
  statusOf,
  toProduction,
} from './artifact-records-world.ts';

eachRecorded();

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
