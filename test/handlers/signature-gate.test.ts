import { beforeEach, describe, expect, it } from 'vitest';
import { startForeignRegistry } from '../support/foreign-registry.ts';
import { skipWithout } from '../support/programs.ts';
import { attachSignature, BUNDLE, keyBundle, pem } from '../support/signing.ts';
import { IDENTITY, ISSUER, startSigstore, statementAbout } from '../support/sigstore.ts';
import { ACME } from './api-world.ts';
import { artifactWorld } from './artifacts-world.ts';
import {
  gateOf,
  held,
  listing,
  ours,
  passed,
  promotions,
  ROOT_REF,
  sigstore,
  theirs,
} from './signature-gate-world.ts';

const one = artifactWorld();
const its = gateOf(one);
beforeEach(async () => {
  await its.publish('v1.2.3');
});

describe('the gate signature, with a key', () => {
  it('passes by a signature in the registry that nobody has brought', async () => {
    await its.byKey();
    const referrer = await its.sign();
    const id = await its.request();
    expect((await one.as('dev')('GET', `${promotions}/${id}`)).body).toMatchObject({
      gates: [{}, { status: 'PENDING', reason_code: 'provider_not_asked' }],
    });
    expect(await its.assessed(id)).toMatchObject({
      ...passed,
      answer: {
        passed: true,
        verified: true,
        signer: expect.stringMatching(/^key:sha256:/),
        referrer,
        signed: 1,
      },
    });
  });

  it('fails without a signature, and passes once it is signed and judged again', async () => {
    await its.byKey();
    const id = await its.request();
    // pushSigned attaches something of the type of a bundle that is none.
    expect(await its.assessed(id)).toMatchObject(held('signature_not_verified', 'FAILED'));
    await its.sign();
    expect(await its.assessed(id)).toMatchObject(held('signature_not_verified', 'FAILED'));
    expect(await one.as('dev')('POST', `${promotions}/${id}/validate`)).toMatchObject({ status: 200 });
    expect(await its.assessed(id)).toMatchObject(passed);
  });

  it('fails where nothing that refers to the content is a signature', async () => {
    await its.byKey();
    one.through = listing(() => []);
    expect(await its.judged()).toMatchObject(held('signature_missing', 'FAILED'));
  });

  it.each([
    ['by another key', () => keyBundle(its.root(), theirs)],
    ['of another image', () => keyBundle(`sha256:${'0'.repeat(64)}`, ours)],
    ['that is none', () => ({ mediaType: BUNDLE })],
  ])('fails with a signature %s', async (_, bundle) => {
    await its.byKey();
    await attachSignature(its.at(), its.root(), JSON.stringify(bundle()));
    expect(await its.judged()).toMatchObject(held('signature_not_verified', 'FAILED'));
  });

  it('passes by one good signature among bad ones', async () => {
    await its.byKey();
    await its.sign(its.root(), theirs);
    await its.sign();
    expect(await its.judged()).toMatchObject(passed);
  });

  it('asks for the signature of each child where it is to', async () => {
    await its.gate({ public_keys: [pem(ours)], children: true });
    await its.sign();
    const id = await its.request();
    expect(await its.assessed(id)).toMatchObject(held('signature_not_verified', 'FAILED'));
    const index = JSON.parse(Buffer.from((await its.at().readManifest(its.root()))?.bytes ?? []).toString());
    for (const { digest } of index.manifests) await its.sign(digest);
    await one.as('dev')('POST', `${promotions}/${id}/validate`);
    expect(await its.assessed(id)).toMatchObject({ ...passed, answer: { signed: 3 } });
  });

  it('advises in mode warn, and is not asked where it is off', async () => {
    await its.byKey({ mode: 'warn' });
    expect(await its.judged()).toMatchObject({
      status: 'approved',
      gate: { status: 'WARNING', reason_code: 'signature_not_verified' },
    });
    await one.as('admin')('PATCH', '/api/v1/environments/staging', {
      gates: { signature: 'off' },
      reason: 'x',
    });
    one.world.at('2026-11-24T10:00:00.000Z');
    await one.published('v1.2.4');
    const asked = {
      artifact: 'platform',
      version: 'v1.2.4',
      target_environment: 'staging',
      execution: 'manual',
    };
    const { body } = await one.as('dev')('POST', promotions, asked);
    expect(body).toMatchObject({ status: 'approved', gates: [{ name: 'policy_compliance' }] });
  });
});

describe('the gate signature, by certificate', () => {
  const sign = async () =>
    attachSignature(its.at(), its.root(), JSON.stringify(await sigstore.signed(statementAbout(its.root()))));

  it('passes by the signer whom it names, under the root that it pins', async () => {
    await its.byCertificate();
    await sign();
    expect(await its.judged()).toMatchObject({
      ...passed,
      answer: { identity: IDENTITY, issuer: ISSUER, trusted_root: sigstore.root },
    });
  });

  it('fails for another identity', async () => {
    await its.byCertificate('https://github.com/evil/*');
    await sign();
    expect(await its.judged()).toMatchObject(held('signature_not_verified', 'FAILED'));
  });

  it('fails where the secret holds another root than the one it pins', async () => {
    await its.byCertificate();
    const other = await startSigstore();
    one.secrets.set(ROOT_REF, JSON.stringify(other.trusted_root));
    const bundle = await other.signed(statementAbout(its.root()));
    await attachSignature(its.at(), its.root(), JSON.stringify(bundle));
    expect(await its.judged()).toMatchObject(held('signature_not_verified', 'FAILED'));
  });

  it.each([
    ['is gone', undefined],
    ['is no JSON', 'root'],
  ])('is an error where the secret %s', async (_, text) => {
    await its.byCertificate();
    one.secrets.set(ROOT_REF, text);
    expect(await its.judged()).toMatchObject(held('trusted_root_unusable'));
  });
});

describe.skipIf(skipWithout('docker-registry'))("the gate signature, at Debian's docker-registry", () => {
  const debian = artifactWorld(() => startForeignRegistry('docker-registry'));
  const there = gateOf(debian);

  it('finds signatures by the fallback tag', async () => {
    await there.publish('v1.2.3');
    await there.byKey();
    const id = await there.request();
    expect(await there.assessed(id)).toMatchObject(held('signature_not_verified', 'FAILED'));
    await there.sign();
    await debian.as('dev')('POST', `${promotions}/${id}/validate`);
    expect(await there.assessed(id)).toMatchObject(passed);
  });

  it('does not take a fallback tag that names no list for an empty one', async () => {
    await there.publish('v1.2.3', 3_333);
    await there.byKey();
    const image = await there.at().readManifest('build-v1.2.3');
    const child = JSON.parse(Buffer.from(image?.bytes ?? []).toString()).manifests[0].digest;
    const manifest = await there.at().readManifest(child);
    if (manifest === undefined) throw new Error('no child');
    await there.at().writeManifest(there.root().replace(':', '-'), manifest);
    expect(await there.judged()).toMatchObject(held('registry_refused'));
  });
});

describe('the gate signature, between tenants', () => {
  it('reads the registry of its own tenant alone', async () => {
    await its.byKey();
    await its.sign();
    const asked: string[] = [];
    const tenants: string[] = [];
    const { registries } = one.world.deps;
    Object.assign(one.world.deps, {
      registries: {
        ...registries,
        repository(...call: Parameters<typeof registries.repository>) {
          tenants.push(call[0]);
          return registries.repository(...call);
        },
      },
    });
    one.through = (exchange) => (request) => {
      asked.push(new URL(request.url).origin);
      return exchange(request);
    };
    expect(await its.judged()).toMatchObject(passed);
    expect(new Set(tenants)).toEqual(new Set([ACME]));
    expect(new Set(asked)).toEqual(new Set([one.main.url]));
  });

  it('does not read the root of another tenant', async () => {
    const signers = [{ identity: IDENTITY, issuer: ISSUER, trusted_root: sigstore.root }];
    const provider = { type: 'registry', trusted_root_ref: 'sluice/globex/registry/trusted-root' };
    const gates = [{ name: 'signature', provider, signers }];
    const refused = await one.as('admin')('PATCH', '/api/v1/environments/staging', { gates, reason: 'x' });
    expect(refused).toMatchObject({ status: 400, body: { errors: [{ field: 'gates' }] } });
    expect(refused.body.detail).toContain(`sluice/${ACME}/registry/`);
  });
});

describe('a gate that asks the registry', () => {
  const key = { public_keys: [pem(ours)] };
  const signer = { identity: IDENTITY, issuer: ISSUER, trusted_root: `sha256:${'a'.repeat(64)}` };

  it.each<[string, object, object]>([
    ['another gate', key, { name: 'tests' }],
    ['another kind', key, { applies_to: ['agent'] }],
    ['nobody who is trusted', {}, {}],
    ['no key', { public_keys: [] }, {}],
    ['a key that is none', { public_keys: ['ssh-ed25519 AAAA'] }, {}],
    ['a private key', { public_keys: [ours.privateKey.export({ type: 'pkcs8', format: 'pem' })] }, {}],
    ['signers without their root', {}, { signers: [signer] }],
    ['a root without signers', { trusted_root_ref: ROOT_REF }, {}],
    ['producers, whom it does not ask', key, { producers: ['ci'] }],
    ['a format of reports', key, { format: 'cosign' }],
    ['more time than a step has', key, { timeout_seconds: 31 }],
  ])('is refused with %s', async (_, provider, more) => {
    const gates = [{ name: 'signature', provider: { type: 'registry', ...provider }, ...more }];
    const refused = await one.as('admin')('PATCH', '/api/v1/environments/staging', { gates, reason: 'x' });
    expect(refused, JSON.stringify(refused.body)).toMatchObject({ status: 400 });
  });

  it('is shown as it was set, for artifacts alone', async () => {
    await its.byKey();
    const { body } = await one.as('admin')('GET', '/api/v1/environments/staging');
    expect(body.gates[1]).toMatchObject({
      name: 'signature',
      applies_to: ['artifact'],
      provider: { type: 'registry', ...key },
    });
  });
});
