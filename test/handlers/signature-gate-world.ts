import { beforeAll, expect } from 'vitest';
import type { Exchange, OciResponse } from '../../functions/adapters/oci/exchange.ts';
import type { Digest } from '../../functions/domain/digest.ts';
import { assess } from '../../functions/use-cases/workflow/assess.ts';
import type { Pushed } from '../support/oci.ts';
import { askingRegistry } from '../support/registry-gate.ts';
import { attachSignature, keyBundle, pair, pem } from '../support/signing.ts';
import { IDENTITY, ISSUER, type Sigstore, startSigstore } from '../support/sigstore.ts';
import { ACME } from './api-world.ts';
import type { ArtifactWorld } from './artifacts-world.ts';

export const ROOT_REF = `sluice/${ACME}/registry/trusted-root`;
export const promotions = '/api/v1/promotions';
export const ours = pair();
export const theirs = pair();

export let sigstore: Sigstore;
beforeAll(async () => {
  sigstore = await startSigstore();
});

type Gate = { readonly name: string; readonly status: string; readonly reason_code: string };
type Assessed = {
  readonly status: string;
  readonly gate: Gate | undefined;
  readonly answer: { readonly problem?: string } | undefined;
};

/** A test's own way through the gate, over one world. */
export function gateOf(one: ArtifactWorld & { readonly path: () => string }) {
  let image: Pushed | undefined;
  const at = () => one.at(one.main, one.path());
  const root = (): Digest => {
    if (image === undefined) throw new Error('nothing is published');
    return image.root;
  };
  async function gate(provider: object, more: object = {}): Promise<void> {
    const gates = [{ name: 'signature', provider: { type: 'registry', ...provider }, ...more }];
    const asked = { gates, reason: 'test' };
    const set = await one.as('admin')('PATCH', '/api/v1/environments/staging', asked);
    expect(set, JSON.stringify(set.body)).toMatchObject({ status: 200 });
    one.world.at('2026-11-22T10:00:00.000Z');
  }
  async function request(): Promise<string> {
    const asked = { artifact: 'platform', version: 'v1.2.3', target_environment: 'staging' };
    const made = await one.as('dev')('POST', promotions, { ...asked, execution: 'manual' });
    expect(made, JSON.stringify(made.body)).toMatchObject({ status: 201 });
    return String(made.body.id);
  }
  /** What the step Assess makes of it: the promotion, the gate and what the registry said. */
  async function assessed(id: string): Promise<Assessed> {
    await assess({ ...one.world.deps, providers: askingRegistry(one.world.deps) }, { tenant: ACME, id });
    const { body } = await one.as('dev')('GET', `${promotions}/${id}`);
    const { items } = (await one.as('dev')('GET', `${promotions}/${id}/evidence`)).body;
    const gates: readonly Gate[] = body.gates;
    return {
      status: body.status,
      gate: gates.find(({ name }) => name === 'signature'),
      answer: items.at(-1)?.result,
    };
  }
  return {
    ...{ at, root, gate, request, assessed },
    async publish(version: string, bytes?: number): Promise<void> {
      image = await one.published(version, bytes);
    },
    byKey: (more: object = {}) => gate({ public_keys: [pem(ours)] }, more),
    async byCertificate(identity = IDENTITY): Promise<void> {
      one.secrets.set(ROOT_REF, JSON.stringify(sigstore.trusted_root));
      const signers = [{ identity, issuer: ISSUER, trusted_root: sigstore.root }];
      await gate({ trusted_root_ref: ROOT_REF }, { signers });
    },
    sign: (digest: Digest = root(), by = ours) =>
      attachSignature(at(), digest, JSON.stringify(keyBundle(digest, by))),
    judged: async () => assessed(await request()),
  };
}

export const passed = { status: 'approved', gate: { status: 'PASSED' } };
export const held = (reason_code: string, status = 'ERROR') => ({
  status: 'blocked',
  gate: { status, reason_code },
});

/** Answers every request for a list of referrers with these. */
export function listing(
  descriptors: () => readonly object[],
  link?: string,
): (exchange: Exchange) => Exchange {
  return (exchange) => async (request) => {
    if (!request.url.includes('/referrers/')) return exchange(request);
    const text = JSON.stringify({ schemaVersion: 2, manifests: descriptors() });
    return answered(only(Buffer.from(text)), link === undefined ? {} : { link });
  };
}

export const answered = (body: AsyncIterable<Uint8Array>, headers = {}, status = 200): OciResponse => ({
  ...{ status, headers, body },
  discard() {},
});

export async function* only(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}

export async function* endless(): AsyncIterable<Uint8Array> {
  for (;;) yield Buffer.alloc(64 * 1024, 'x');
}
