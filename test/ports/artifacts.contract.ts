import { describe, expect, test } from 'vitest';
import type { ArtifactVersion } from '../../functions/domain/artifact/version.ts';
import type { Bench } from './adapters.ts';
import { AT, DEV, later, sha } from './samples.ts';

export function artifactVersion(version: string, change: Partial<ArtifactVersion> = {}): ArtifactVersion {
  return {
    artifact: 'platform',
    version,
    label: `v${version}`,
    digest: sha(version),
    media_type: 'application/vnd.oci.image.index.v1+json',
    size: 855,
    registry: 'main',
    repository: 'team/platform',
    published_by: DEV,
    published_at: AT,
    deployment_id: 'dep-1',
    edition: 1,
    ...change,
  };
}

/** Published versions, and where unfinished uploads stand. */
export function artifactsContract({ stores, tenant }: Bench): void {
  const publish = (t: string, item: ArtifactVersion, expected = 0) =>
    stores().transactions.commit(t, [{ write: 'artifact_version', item, expected }]);

  describe('versions', () => {
    test('are read back, and nowhere else', async () => {
      const t = tenant();
      await publish(t, artifactVersion('1.2.3'));
      const { versions } = stores();
      expect(await versions.read(t, 'platform', '1.2.3')).toEqual(artifactVersion('1.2.3'));
      expect(await versions.read(t, 'other', '1.2.3')).toBeUndefined();
      expect(await versions.read(t, 'platform', '1.2.4')).toBeUndefined();
      expect(await versions.read(tenant(), 'platform', '1.2.3')).toBeUndefined();
    });

    test('keep their lifecycle', async () => {
      const t = tenant();
      const lifecycle = { deprecated_at: AT, eol_at: later(60), replacement: 'v2.0.0', reason: 'old' };
      await publish(t, artifactVersion('1.2.3'));
      await publish(t, artifactVersion('1.2.3', { lifecycle, edition: 2 }), 1);
      expect(await stores().versions.read(t, 'platform', '1.2.3')).toMatchObject({ lifecycle, edition: 2 });
    });

    test('are listed by precedence, highest first, page after page', async () => {
      const t = tenant();
      const ordered = ['10.0.0', '2.0.0', '2.0.0-rc.10', '2.0.0-rc.9', '2.0.0-alpha', '1.10.0', '1.9.0'];
      for (const version of [...ordered].sort()) await publish(t, artifactVersion(version));
      const first = await stores().versions.page(t, 'platform', { limit: 3 });
      const rest = await stores().versions.page(t, 'platform', { limit: 10, after: first.next ?? '' });
      expect([...first.items, ...rest.items].map(({ version }) => version)).toEqual(ordered);
      expect(rest.next).toBeUndefined();
    });

    test('are published once: of many at once one commits', async () => {
      const t = tenant();
      const results = await Promise.all(
        Array.from({ length: 8 }, (_, n) => publish(t, artifactVersion('1.0.0', { digest: sha(String(n)) }))),
      );
      expect(results.filter(({ committed }) => committed)).toHaveLength(1);
      expect(await publish(t, artifactVersion('1.0.0', { edition: 2 }), 1)).toEqual({ committed: true });
    });
  });

  describe('an unfinished upload', () => {
    test('is found by its repository and its blob, and replaced by the next place', async () => {
      const place = { tenant: tenant(), repository: 'registry.acme.com/team/platform', blob: sha('blob') };
      const { uploads } = stores();
      expect(await uploads.recall(place)).toBeUndefined();
      await uploads.keep(place, '/v2/team/platform/blobs/uploads/1', AT);
      await uploads.keep(place, '/v2/team/platform/blobs/uploads/2', later(1));
      expect(await uploads.recall(place)).toBe('/v2/team/platform/blobs/uploads/2');
      expect(await uploads.recall({ ...place, blob: sha('other') })).toBeUndefined();
      expect(await uploads.recall({ ...place, repository: 'registry.acme.com/other' })).toBeUndefined();
      expect(await uploads.recall({ ...place, tenant: tenant() })).toBeUndefined();
    });
  });

  describe('a claim of a list of referrers', () => {
    const list = () => ({
      tenant: tenant(),
      repository: 'registry.acme.com/platform',
      subject: sha('subject'),
    });

    test('is one writer at a time', async () => {
      const { uploads } = stores();
      const place = list();
      const claims = await Promise.all(
        Array.from({ length: 8 }, (_, n) => uploads.claimList(place, { now: AT, until: later(n + 1) })),
      );
      expect(claims.filter(Boolean)).toHaveLength(1);
      expect(await uploads.claimList({ ...place, subject: sha('other') }, { now: AT, until: later(1) })).toBe(
        true,
      );
      expect(await uploads.claimList({ ...place, tenant: tenant() }, { now: AT, until: later(1) })).toBe(
        true,
      );
    });

    test('is free again once it is released, or over', async () => {
      const { uploads } = stores();
      const place = list();
      expect(await uploads.claimList(place, { now: AT, until: later(5) })).toBe(true);
      await uploads.releaseList(place, { now: later(1), until: later(5) });
      expect(await uploads.claimList(place, { now: later(1), until: later(6) })).toBe(true);
      expect(await uploads.claimList(place, { now: later(2), until: later(7) })).toBe(false);
      expect(await uploads.claimList(place, { now: later(6), until: later(9) })).toBe(true);
    });

    test('is not released by whose claim is over', async () => {
      const { uploads } = stores();
      const place = list();
      await uploads.claimList(place, { now: AT, until: later(1) });
      await uploads.claimList(place, { now: later(2), until: later(9) });
      await uploads.releaseList(place, { now: later(3), until: later(1) });
      expect(await uploads.claimList(place, { now: later(4), until: later(10) })).toBe(false);
    });
  });
}
