import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { streamingEgress } from '../../../functions/adapters/egress/stream.ts';
import { ociRegistries } from '../../../functions/adapters/oci/registries.ts';
import { sigstoreSignatures } from '../../../functions/adapters/sigstore/signatures.ts';
import { digestOfBytes } from '../../../functions/domain/digest.ts';
import type { Repository } from '../../../functions/ports/registry.ts';
import { RegistryFault } from '../../../functions/ports/registry.ts';
import { answering, faultServer, WIRE_FAULTS, type WireFault } from '../../support/fault-server.ts';

const DIGEST = digestOfBytes('x');

let peer: Awaited<ReturnType<typeof faultServer>>;
beforeEach(async () => {
  peer = await faultServer();
});
afterEach(() => peer.stop());

const repository = (): Repository =>
  ociRegistries({
    copySeconds: 1,
    exchange: streamingEgress({ allowLoopback: true, idleMs: 60 }),
    secrets: { read: async () => undefined },
    signatures: sigstoreSignatures,
    now: Date.now,
    sleep: async () => {},
  }).repository(
    'acme',
    {
      ...{ id: 'reg', type: 'oci', role: 'primary', url: peer.url, version: 1 },
      ...{ created_at: '2026-01-01T00:00:00.000Z', updated_at: '2026-01-01T00:00:00.000Z' },
    },
    'app',
  );

const OPERATIONS: { readonly [name: string]: (repository: Repository) => Promise<unknown> } = {
  resolve: (one) => one.resolve('v1'),
  readManifest: (one) => one.readManifest('v1'),
  writeManifest: (one) =>
    one.writeManifest('v1', { digest: DIGEST, mediaType: 'application/json', bytes: Buffer.from('x') }),
  readBlob: async (one) => {
    for await (const _ of one.readBlob({ digest: DIGEST, size: 1_000_000 }));
  },
  openUpload: (one) => one.openUpload(),
  referrers: (one) => one.referrers(DIGEST),
  tags: (one) => one.tags(),
};

const troubles: readonly (readonly [string, WireFault])[] = [
  ...Object.entries(WIRE_FAULTS),
  ...[400, 401, 403, 409, 429, 500, 502, 503].map((status) => [`a ${status}`, answering(status)] as const),
];

describe.each(Object.entries(OPERATIONS))('%s of a registry', (_, act) => {
  it.each(troubles)('that answers with %s is a fault of a registry, in time', async (__, fault) => {
    peer.fault = fault;
    await expect(act(repository())).rejects.toBeInstanceOf(RegistryFault);
  });
});
