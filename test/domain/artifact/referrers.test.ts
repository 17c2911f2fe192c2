import { expect, it } from 'vitest';
import { referrersIndex } from '../../../functions/domain/artifact/referrers.ts';

it('the index of a fallback tag lists each referrer once, as it was last given', () => {
  const descriptor = (letter: string, size: number) => ({
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    digest: `sha256:${letter.repeat(64)}` as const,
    size,
  });
  const index = JSON.parse(referrersIndex([descriptor('a', 1), descriptor('b', 2), descriptor('a', 1)]));
  expect(index.manifests).toEqual([descriptor('a', 1), descriptor('b', 2)]);
  expect(index).toMatchObject({ schemaVersion: 2, mediaType: 'application/vnd.oci.image.index.v1+json' });
});
