import { beforeEach, describe, expect, it } from 'vitest';
import { signaturesTag } from '../../functions/domain/artifact/attached.ts';
import { attachTagged, certificateLayer, keyLayer, type Layer } from '../support/cosign.ts';
import { pem } from '../support/signing.ts';
import { IDENTITY, ISSUER, startSigstore } from '../support/sigstore.ts';
import { artifactWorld } from './artifacts-world.ts';
import { gateOf, held, listing, ours, passed, sigstore, theirs } from './signature-gate-world.ts';

const one = artifactWorld();
const its = gateOf(one);
beforeEach(async () => {
  await its.publish('v1.2.3');
});
const keep = (...layers: readonly Layer[]) => attachTagged(its.at(), its.root(), 'sig', layers);
const KEY = expect.stringMatching(/^key:sha256:/);

describe('signatures of cosign 2, under its tag', () => {
  it('pass the gate by a key, one good one among bad ones', async () => {
    await its.byKey();
    const referrer = await keep(keyLayer(its.root(), theirs), keyLayer(its.root(), ours));
    expect(await its.judged()).toMatchObject({ ...passed, answer: { signer: KEY, referrer, signed: 1 } });
  });

  it('pass the gate by a certificate, under the root that it pins', async () => {
    await its.byCertificate();
    await keep(await certificateLayer(its.root(), sigstore));
    expect(await its.judged()).toMatchObject({
      ...passed,
      answer: { identity: IDENTITY, issuer: ISSUER, trusted_root: sigstore.root },
    });
  });

  it('are asked of each child where they are to be', async () => {
    await its.gate({ public_keys: [pem(ours)], children: true });
    await keep(keyLayer(its.root(), ours));
    expect(await its.judged()).toMatchObject(held('signature_not_verified', 'FAILED'));
  });

  const noted = (layer: Layer, name: string, value: string): Layer => ({
    ...layer,
    annotations: { ...layer.annotations, [name]: value },
  });
  const another = `sha256:${'0'.repeat(64)}`;

  it.each<[string, () => Layer]>([
    ['by another key', () => keyLayer(its.root(), theirs)],
    ['of another image', () => keyLayer(another, ours)],
    ['without a signature', () => ({ ...keyLayer(its.root(), ours), annotations: {} })],
    [
      'of another payload',
      () => ({ ...keyLayer(another, ours), content: keyLayer(its.root(), ours).content }),
    ],
  ])('fail the gate %s', async (_, layer) => {
    await its.byKey();
    await keep(layer());
    expect(await its.judged()).toMatchObject(held('signature_not_verified', 'FAILED'));
  });

  it.each<[string, () => Promise<Layer>]>([
    ['of another identity', () => certificateLayer(its.root(), sigstore, 'https://github.com/evil/x')],
    ['of another image', () => certificateLayer(another, sigstore)],
    ['of another root', async () => certificateLayer(its.root(), await startSigstore())],
    [
      'that no log promised',
      async () => noted(await certificateLayer(its.root(), sigstore), 'dev.sigstore.cosign/bundle', '{}'),
    ],
    [
      'with the log entry of another',
      async () => {
        const other = await certificateLayer(another, sigstore);
        const entry = other.annotations?.['dev.sigstore.cosign/bundle'] ?? '';
        return noted(await certificateLayer(its.root(), sigstore), 'dev.sigstore.cosign/bundle', entry);
      },
    ],
    [
      'with the certificate of another',
      async () => {
        const other = await certificateLayer(its.root(), sigstore);
        const certificate = other.annotations?.['dev.sigstore.cosign/certificate'] ?? '';
        return noted(
          await certificateLayer(its.root(), sigstore),
          'dev.sigstore.cosign/certificate',
          certificate,
        );
      },
    ],
  ])('fail the gate by a certificate %s', async (_, layer) => {
    await its.byCertificate();
    await keep(await layer());
    expect(await its.judged()).toMatchObject(held('signature_not_verified', 'FAILED'));
  });

  it('are an error where they are more than are read', async () => {
    await its.byKey();
    one.through = listing(() => []);
    await keep(...Array.from({ length: 51 }, () => keyLayer(its.root(), theirs)));
    expect(await its.judged()).toMatchObject(held('signatures_not_all_read'));
  });

  it('are none where the tag names something else', async () => {
    await its.byKey();
    one.through = listing(() => []);
    const manifest = await its.at().readManifest(its.root());
    if (manifest !== undefined) await its.at().writeManifest(signaturesTag(its.root()), manifest);
    expect(await its.judged()).toMatchObject(held('signature_missing', 'FAILED'));
  });
});

describe('signatures of cosign 2 that are brought as evidence', () => {
  it('are taken from the registry, by key and by certificate', async () => {
    const asked = { artifact: 'platform', version: 'v1.2.3' };
    const path = '/api/v1/evidence/signatures';
    await keep(keyLayer(its.root(), ours), await certificateLayer(its.root(), sigstore));
    const byKey = await one.as('dev')('POST', path, { ...asked, public_key: pem(ours) });
    expect(byKey, JSON.stringify(byKey.body)).toMatchObject({
      status: 201,
      body: { items: [{ result: { signer: KEY, form: 'simple' } }] },
    });
    const { trusted_root } = sigstore;
    const byRoot = await one.as('dev')('POST', path, { ...asked, trusted_root });
    expect(byRoot, JSON.stringify(byRoot.body)).toMatchObject({
      status: 201,
      body: { items: [{ result: { identity: IDENTITY, issuer: ISSUER, form: 'simple' } }] },
    });
  });
});
