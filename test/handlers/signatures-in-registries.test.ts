import { sign } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { digestOfBytes } from '../../functions/domain/digest.ts';
import type { Repository } from '../../functions/ports/registry.ts';
import type { Pushed } from '../support/oci.ts';
import { attachSignature, keyBundle, pair, pem } from '../support/signing.ts';
import { IDENTITY, ISSUER, type Sigstore, startSigstore, statementAbout } from '../support/sigstore.ts';
import { artifactWorld } from './artifacts-world.ts';

const stage = artifactWorld();
const path = '/api/v1/evidence/signatures';
const SIMPLE = 'application/vnd.dev.cosign.artifact.sig.v1+json';
const ours = pair();
const bundleOf = (digest: string, by = ours) => keyBundle(digest, by);
const public_key = pem(ours);
const KEY = `key:${digestOfBytes(ours.publicKey.export({ type: 'spki', format: 'der' }))}`;

let sigstore: Sigstore;
let image: Pushed;
let repository: Repository;
beforeAll(async () => {
  sigstore = await startSigstore();
});
beforeEach(async () => {
  image = await stage.published('v1.2.3');
  repository = stage.at(stage.main, stage.path());
});

const collect = (signer: object = { public_key }, more: object = {}) =>
  stage.as('dev')('POST', path, { artifact: 'platform', version: 'v1.2.3', ...signer, ...more });

describe('signatures beside an image in its registry', () => {
  it('become evidence by the key that made them, and of no other', async () => {
    await attachSignature(repository, image.root, JSON.stringify(bundleOf(image.root)));
    const found = await collect();
    expect(found, JSON.stringify(found.body)).toMatchObject({
      status: 201,
      body: {
        items: [
          {
            ...{ gate: 'signature', format: 'cosign', subject_digest: image.root },
            result: { passed: true, verified: true, signer: KEY },
          },
        ],
        passed_over: [{ problem: expect.any(String) }],
      },
    });
    const others = await collect({ public_key: pem(pair()) });
    expect(others).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect(others.body.passed_over).toHaveLength(2);
  });

  it('become evidence by certificate, under the root that is named', async () => {
    await attachSignature(
      repository,
      image.root,
      JSON.stringify(await sigstore.signed(statementAbout(image.root))),
    );
    const { trusted_root, root } = sigstore;
    const identity = { identity: IDENTITY, issuer: ISSUER, trusted_root: root };
    expect((await collect({ trusted_root })).body.items).toMatchObject([{ result: identity }]);
    const theirs = await startSigstore();
    expect(await collect({ trusted_root: theirs.trusted_root })).toMatchObject({ status: 404 });
  });

  it('are read as cosign 2 writes them too', async () => {
    const payload = JSON.stringify({
      critical: {
        identity: { 'docker-reference': 'platform' },
        image: { 'docker-manifest-digest': image.root },
        type: 'cosign container image signature',
      },
      optional: null,
    });
    const signature = sign('sha256', Buffer.from(payload), ours.privateKey).toString('base64');
    const annotations = { 'dev.cosignproject.cosign/signature': signature };
    const layer = { mediaType: 'application/vnd.dev.cosign.simplesigning.v1+json', annotations };
    await attachSignature(repository, image.root, payload, SIMPLE, layer);
    expect((await collect()).body.items).toMatchObject([{ result: { signer: KEY, form: 'simple' } }]);
  });

  it('of another image are none of this one', async () => {
    const other = await stage.published('v1.3.0');
    await attachSignature(repository, image.root, JSON.stringify(bundleOf(other.root)));
    expect(await collect()).toMatchObject({ status: 404 });
  });

  it('let a promotion past the gate that names their signer', async () => {
    const gates = [{ name: 'signature', applies_to: ['artifact'], producers: [KEY] }];
    await stage.as('admin')('PATCH', '/api/v1/environments/staging', { gates, reason: 'test' });
    stage.world.at('2026-11-21T10:00:00.000Z');
    const asked = { artifact: 'platform', version: 'v1.2.3', target_environment: 'staging' };
    const { body } = await stage.as('dev')('POST', '/api/v1/promotions', { ...asked, execution: 'manual' });
    expect(body).toMatchObject({ status: 'blocked', blocked_by: ['signature'] });
    await attachSignature(repository, image.root, JSON.stringify(bundleOf(image.root, pair())));
    await collect();
    const still = await stage.as('dev')('GET', `/api/v1/promotions/${body.id}`);
    expect(still.body).toMatchObject({ status: 'blocked' });
    await attachSignature(repository, image.root, JSON.stringify(bundleOf(image.root)));
    expect(await collect()).toMatchObject({ status: 201 });
    const now = await stage.as('dev')('GET', `/api/v1/promotions/${body.id}`);
    expect(now.body).toMatchObject({ status: 'approved' });
  });
});

describe('looking for signatures', () => {
  it('says what is missing', async () => {
    expect(await collect({}, { version: 'v9.9.9', public_key })).toMatchObject({ status: 404 });
    expect(await collect({})).toMatchObject({ status: 400 });
    expect(await collect({ public_key, trusted_root: {} })).toMatchObject({ status: 400 });
  });

  it('takes the role, in the own tenant', async () => {
    const asked = { artifact: 'platform', version: 'v1.2.3', public_key };
    expect(await stage.as('alice')('POST', path, asked)).toMatchObject({ status: 403 });
    expect(await stage.as('carol')('POST', path, asked)).toMatchObject({ status: 404 });
  });

  it('says what the registry refuses', async () => {
    await stage.main.stop();
    expect(await collect()).toMatchObject({
      body: { code: 'registry_failed', registry_code: 'registry_unavailable', retry: true },
    });
  });
});
