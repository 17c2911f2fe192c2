import { beforeEach, describe, expect, it } from 'vitest';
import type { Exchange } from '../../functions/adapters/oci/exchange.ts';
import type { Digest } from '../../functions/domain/digest.ts';
import { assess } from '../../functions/use-cases/workflow/assess.ts';
import { startForeignRegistry } from '../support/foreign-registry.ts';
import { startRegistry } from '../support/local-registry.ts';
import { skipWithout } from '../support/programs.ts';
import { askingRegistry } from '../support/registry-gate.ts';
import { attachSignature, keyBundle, pair, pem } from '../support/signing.ts';
import { ACME } from './api-world.ts';
import { type ArtifactWorld, artifactWorld } from './artifacts-world.ts';

const promotions = '/api/v1/promotions';
const ours = pair();
const theirs = pair();
const REGISTRY = { provider: { type: 'registry', public_keys: [pem(ours)] } };

/** What a test does with one version on its way to two registries. The gate only advises, so that the copy alone decides. */
function wayOf(one: ArtifactWorld & { readonly path: () => string }) {
  const ok = async (...call: Parameters<ReturnType<typeof one.as>>) => {
    const answer = await one.as('admin')(...call);
    expect(answer, JSON.stringify(answer.body)).toMatchObject({ status: 200 });
  };
  const digestOf = async (tag: string, registry = one.main) =>
    (await one.at(registry, one.path()).resolve(tag))?.digest;
  return {
    sign: (digest: Digest, by = ours) =>
      attachSignature(one.at(one.main, one.path()), digest, JSON.stringify(keyBundle(digest, by))),
    async asks(verification: 'digest_match' | 'signature_match', gate: object = REGISTRY) {
      await ok('PUT', '/api/v1/configuration?reason=test', { artifacts: { promotion: { verification } } });
      const gates = [{ name: 'signature', mode: 'warn', applies_to: ['artifact'], ...gate }];
      await ok('PATCH', '/api/v1/environments/staging', { gates, reason: 'test' });
      one.world.at('2026-11-22T10:00:00.000Z');
    },
    async promoted() {
      const asked = { artifact: 'platform', version: 'v1.2.3', target_environment: 'staging' };
      const made = await one.as('dev')('POST', promotions, { ...asked, sync_registries: true });
      expect(made, JSON.stringify(made.body)).toMatchObject({ status: 201 });
      const ref = { tenant: ACME, id: String(made.body.id) };
      await assess({ ...one.world.deps, providers: askingRegistry(one.world.deps) }, ref);
      await one.world.run(ref.id);
      return (await one.as('dev')('GET', `${promotions}/${ref.id}`)).body;
    },
    async expectUnmoved() {
      const subject = { kind: 'artifact', name: 'platform' } as const;
      const head = await one.world.deps.heads.read(ACME, { subject, environment: 'staging' });
      expect(head?.digest ?? null).toBeNull();
      for (const registry of [one.main, one.dr]) {
        expect(await digestOf('latest-staging', registry)).toBeUndefined();
        expect(await digestOf('v1.2.3-staging', registry)).toBeUndefined();
      }
    },
    digestOf,
  };
}

const failed = { status: 'failed', failure: { code: 'signature_mismatch', target_state: 'unchanged' } };

describe('a copy verified by signature_match', () => {
  const one = artifactWorld();
  const way = wayOf(one);
  let root: Digest;
  beforeEach(async () => {
    ({ root } = await one.published('v1.2.3'));
  });
  const atTarget = (url: string) => url.startsWith(one.dr.url);

  it('completes where every signature came along, and one is by a trusted signer', async () => {
    await way.asks('signature_match');
    await way.sign(root);
    await way.sign(root, theirs);
    const ended = await way.promoted();
    expect(ended, JSON.stringify(ended.failure)).toMatchObject({ status: 'completed' });
    expect(await way.digestOf('latest-staging', one.dr)).toBe(root);
  });

  it.each([
    ['not signed at all', () => Promise.resolve()],
    ['signed by somebody else alone', () => way.sign(root, theirs)],
  ])('fails for what is %s, which digest_match would let through', async (_, sign) => {
    await way.asks('signature_match');
    await sign();
    expect(await way.promoted()).toMatchObject(failed);
    await way.expectUnmoved();
    await way.asks('digest_match');
    // To ask for no signatures is a weakening: it holds what is requested in the same moment.
    one.world.at('2026-11-22T10:00:01.000Z');
    expect(await way.promoted()).toMatchObject({ status: 'completed' });
  });

  it('says what to do where it is not known whose signatures count', async () => {
    await way.asks('signature_match', {});
    await way.sign(root);
    const ended = await way.promoted();
    expect(ended).toMatchObject(failed);
    expect(ended.failure.message).toContain('give the gate signature of the target the provider registry');
    await way.expectUnmoved();
  });

  it('rests on the key of the evidence on which the gate passed', async () => {
    await way.asks('signature_match', {});
    await way.sign(root);
    const asked = { artifact: 'platform', version: 'v1.2.3', public_key: pem(ours) };
    expect(await one.as('dev')('POST', '/api/v1/evidence/signatures', asked)).toMatchObject({ status: 201 });
    expect(await way.promoted()).toMatchObject({ status: 'completed' });
  });

  it('does not rest on the key of another signature', async () => {
    await way.asks('signature_match', {});
    const asked = { artifact: 'platform', version: 'v1.2.3', public_key: pem(ours) };
    const signature = await way.sign(root);
    expect(await one.as('dev')('POST', '/api/v1/evidence/signatures', asked)).toMatchObject({ status: 201 });
    await way.sign(root, theirs);
    // Ours is gone from the lists of both registries: what is left is somebody else's.
    one.through = without((list) => list.filter(({ digest }) => digest !== signature));
    expect(await way.promoted()).toMatchObject(failed);
    await way.expectUnmoved();
  });

  it.each<[string, string, (signature: string) => (exchange: Exchange) => Exchange]>([
    [
      'loses a signature from its list',
      'signature_mismatch',
      (signature) => without((list) => list.filter(({ digest }) => digest !== signature), atTarget),
    ],
    [
      'has other bytes for a signature',
      'registry_corrupt',
      (signature) => (exchange) => async (request) => {
        const response = await exchange(request);
        const lies = atTarget(request.url) && request.method === 'GET' && request.url.includes(signature);
        return lies ? { ...response, body: only(Buffer.from('{"schemaVersion":2}')) } : response;
      },
    ],
    [
      'has other bytes for its bundle',
      'registry_corrupt',
      () => (exchange) => async (request) => {
        const response = await exchange(request);
        const length = Number(response.headers['content-length'] ?? 0);
        const lies = atTarget(request.url) && request.method === 'GET' && request.url.includes('/blobs/');
        return lies ? { ...response, body: only(Buffer.alloc(length, 'x')) } : response;
      },
    ],
    [
      'shows its list to nobody',
      'registry_denied',
      () => (exchange) => async (request) =>
        atTarget(request.url) && request.url.includes('/referrers/')
          ? { status: 403, headers: {}, body: only(Buffer.from('')), discard() {} }
          : exchange(request),
    ],
  ])('fails where the target %s, and nothing has moved', async (_, code, hostile) => {
    await way.asks('signature_match');
    const signature = await way.sign(root);
    one.through = hostile(signature);
    const ended = await way.promoted();
    one.through = (exchange) => exchange;
    expect(ended).toMatchObject({ status: 'failed', failure: { code, target_state: 'unchanged' } });
    await way.expectUnmoved();
  });

  it('compares the signatures of each manifest of an index', async () => {
    await way.asks('signature_match');
    await way.sign(root);
    const index = await one.at(one.main, one.path()).readManifest(root);
    const [child] = JSON.parse(Buffer.from(index?.bytes ?? []).toString()).manifests;
    const signature = await way.sign(child.digest);
    one.through = without((list) => list.filter(({ digest }) => digest !== signature), atTarget);
    const ended = await way.promoted();
    one.through = (exchange) => exchange;
    expect(ended).toMatchObject(failed);
    expect(ended.failure.message).toContain(signature);
  });
});

type Listed = { readonly digest: string; readonly artifactType?: string };

/** Changes the lists of referrers, at every registry or where `at` says. */
function without(
  change: (list: readonly Listed[]) => readonly Listed[],
  at: (url: string) => boolean = () => true,
): (exchange: Exchange) => Exchange {
  return (exchange) => async (request) => {
    const response = await exchange(request);
    if (!request.url.includes('/referrers/') || !at(request.url)) return response;
    const chunks: Uint8Array[] = [];
    for await (const chunk of response.body) chunks.push(chunk);
    const index = JSON.parse(Buffer.concat(chunks).toString());
    const body = Buffer.from(JSON.stringify({ ...index, manifests: change(index.manifests) }));
    return { ...response, body: only(body) };
  };
}

async function* only(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}

describe.skipIf(skipWithout('docker-registry'))(
  "a copy verified by signature_match to Debian's registry",
  () => {
    const one = artifactWorld(startRegistry, () => startForeignRegistry('docker-registry'));
    const way = wayOf(one);

    it('finds the signatures there by the fallback tag', async () => {
      const { root } = await one.published('v1.2.3');
      await way.asks('signature_match');
      await way.sign(root);
      const ended = await way.promoted();
      expect(ended, JSON.stringify(ended.failure)).toMatchObject({ status: 'completed' });
      expect(await way.digestOf('latest-staging', one.dr)).toBe(root);
    });
  },
);
