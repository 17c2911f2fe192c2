import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { attachedTags } from '../../../functions/domain/artifact/attached.ts';
import type { Digest } from '../../../functions/domain/digest.ts';
import { signaturesOf } from '../../../functions/use-cases/artifacts/signatures.ts';
import { measure } from '../../../functions/use-cases/artifacts/size.ts';
import { copyGraph } from '../../../functions/use-cases/kinds/artifact/copy-graph.ts';
import { attachTagged, keyLayer, type Layer } from '../../support/cosign.ts';
import { startForeignRegistry } from '../../support/foreign-registry.ts';
import { robot, startRegistry, type TestRegistry } from '../../support/local-registry.ts';
import { type Pushed, pushSigned, repositoryAt, uploadMemory } from '../../support/oci.ts';
import { skipWithout } from '../../support/programs.ts';
import { pair } from '../../support/signing.ts';

const [ours, theirs] = [pair(), pair()];
const text = (content: string): Layer => ({ mediaType: 'text/plain', content });

describe.each<[string, () => Promise<TestRegistry>, boolean]>([
  ['our own registry', startRegistry, false],
  ["Debian's docker-registry", () => startForeignRegistry('docker-registry'), skipWithout('docker-registry')],
])('what cosign keeps by tags, at %s', (_, start, skipped) => {
  describe.skipIf(skipped)('there', () => {
    let [from, to]: readonly TestRegistry[] = [];
    let number = 0;
    let image: Pushed;
    let child: Digest;
    beforeAll(async () => {
      [from, to] = await Promise.all([start(), start()]);
    });
    afterAll(() => Promise.all([from?.stop(), to?.stop()]));
    const at = (registry: TestRegistry | undefined) =>
      repositoryAt(registry?.url ?? '', `tagged/${number}`, { credentials: robot });
    const source = () => at(from).repository;
    const target = () => at(to).repository;
    const copy = () => {
      const { repository, requests } = at(to);
      const how = { chunkBytes: 8_000, parallel: 3, uploads: uploadMemory(), late: () => false };
      return {
        requests,
        done: copyGraph(
          { ...how, source: source(), target: repository, alone: () => (act) => act() },
          image.root,
        ),
      };
    };
    const named = async (repository: ReturnType<typeof source>, subject: Digest) =>
      Promise.all(attachedTags(subject).map(async (tag) => (await repository.resolve(tag))?.digest));
    beforeEach(async () => {
      number += 1;
      image = await pushSigned(source());
      const [first] = image.manifests;
      if (first === undefined) throw new Error('nothing was pushed');
      child = first;
    });

    it('comes along with the index and with each child, to the byte, and is sent once', async () => {
      await attachTagged(source(), image.root, 'sig', [keyLayer(image.root, ours)]);
      await attachTagged(source(), image.root, 'att', [text('attestation')]);
      const sbom = await attachTagged(source(), child, 'sbom', [text('sbom')]);
      await attachTagged(source(), sbom, 'sig', [keyLayer(sbom, ours)]);
      expect(await copy().done).toMatchObject({ done: true });
      for (const subject of [image.root, child, sbom]) {
        const there = await named(source(), subject);
        expect(there.some((digest) => digest !== undefined)).toBe(true);
        expect(await named(target(), subject)).toEqual(there);
      }
      expect((await signaturesOf(target(), sbom)).signatures).toHaveLength(1);
      const again = copy();
      expect(await again.done).toMatchObject({ done: true, manifests: 0, bytes: 0 });
      expect(again.requests.filter(({ method }) => method !== 'GET' && method !== 'HEAD')).toEqual([]);
    });

    it('is counted in what is copied', async () => {
      const root = await source().readManifest(image.root);
      if (root === undefined) throw new Error('it is gone');
      const before = await measure(source(), root, { referrers: true });
      await attachTagged(source(), child, 'sbom', [text('x'.repeat(10_000))]);
      const after = await measure(source(), root, { referrers: true });
      expect(after.content).toBe(before.content);
      expect(after.whole - before.whole).toBeGreaterThan(10_000);
    });

    it('loses no signature that either side has', async () => {
      await attachTagged(source(), image.root, 'sig', [keyLayer(image.root, ours)]);
      await copy().done;
      await attachTagged(target(), image.root, 'sig', [keyLayer(image.root, theirs)]);
      await copy().done;
      const both = (await signaturesOf(target(), image.root)).signatures.map(({ id }) => id);
      // One of what pushSigned pushes says that it is a signature and is none.
      expect(new Set(both).size).toBe(2);
      const tag = await named(target(), image.root);
      await copy().done;
      expect(await named(target(), image.root)).toEqual(tag);
      expect((await signaturesOf(source(), image.root)).signatures).toHaveLength(1);
    });

    it('is no endless walk where an SBOM is its own', async () => {
      const sbom = await attachTagged(source(), child, 'sbom', [text('sbom')]);
      const manifest = await source().readManifest(sbom);
      const [, , own = ''] = attachedTags(sbom);
      if (manifest !== undefined) await source().writeManifest(own, manifest);
      expect(await copy().done).toMatchObject({ done: true });
      expect(await target().resolve(own)).toMatchObject({ digest: sbom });
    });

    it('is refused where the tag names the image itself, or another list of manifests', async () => {
      const root = await source().readManifest(image.root);
      const [sig = ''] = attachedTags(child);
      if (root !== undefined) await source().writeManifest(sig, root);
      await expect(copy().done).rejects.toMatchObject({ code: 'registry_refused' });
      expect(await target().resolve(image.root)).toBeUndefined();
    });

    it('does not stand in the way where `cosign copy` named the image by the fallback tag', async () => {
      const manifest = await source().readManifest(child);
      if (manifest !== undefined) await source().writeManifest(child.replace(':', '-'), manifest);
      expect(await copy().done).toMatchObject({ done: true });
      expect(await target().resolve(image.root)).toMatchObject({ digest: image.root });
    });
  });
});
