import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { RECORD_TYPE } from '../../functions/domain/artifact/promotion-record.ts';
import { verifyRecord } from '../../functions/domain/artifact/verify-record.ts';
import { attachRecord } from '../../functions/use-cases/artifacts/attach-record.ts';
import { type ForeignRegistry, startForeignRegistry } from '../support/foreign-registry.ts';
import { startRegistry, type TestRegistry } from '../support/local-registry.ts';
import { programPath, skipWithout } from '../support/programs.ts';
import { testSigner } from '../support/signer.ts';
import { artifactWorld } from './artifacts-world.ts';

const run = promisify(execFile);
const promotions = '/api/v1/promotions';

/** What each judge says the digest of a reference is. */
const JUDGES: readonly (readonly [string, (reference: string) => readonly string[]])[] = [
  ['skopeo', (reference) => ['inspect', '--raw', '--tls-verify=false', `docker://${reference}`]],
  ['crane', (reference) => ['digest', '--insecure', reference]],
  [
    'regctl',
    (reference) => ['--host', `reg=${reference.split('/')[0]},tls=disabled`, 'manifest', 'head', reference],
  ],
];

async function judged(program: string, argv: readonly string[]): Promise<string> {
  const { stdout } = await run(programPath(program) ?? program, argv, { encoding: 'utf8' });
  return stdout.trim();
}

const ours = () => startRegistry();
const foreign = (program: ForeignRegistry) => () => startForeignRegistry(program);

/** The environments' own registry, and the one that everything is synced to. */
const PAIRS: readonly (readonly [
  string,
  readonly string[],
  () => Promise<TestRegistry>,
  () => Promise<TestRegistry>,
])[] = [
  ["Debian's docker-registry to ours", ['docker-registry'], foreign('docker-registry'), ours],
  ["ours to Debian's docker-registry", ['docker-registry'], ours, foreign('docker-registry')],
  [
    "the CNCF distribution to Debian's docker-registry",
    ['registry', 'docker-registry'],
    foreign('registry'),
    foreign('docker-registry'),
  ],
];

describe.each(PAIRS)('%s', (_, programs, main, other) => {
  describe.skipIf(programs.map(skipWithout).some(Boolean))('with the programs of others', () => {
    const one = artifactWorld(main, other);
    const dev: ReturnType<typeof one.as> = (...call) => one.as('dev')(...call);

    it('publishes v1.2.3 to dev, promotes it to staging and production, and every judge sees the same artifact', async () => {
      for (const environment of ['staging', 'production']) {
        await one.as('admin')('PATCH', `/api/v1/environments/${environment}`, { gates: [], reason: 'test' });
      }
      one.world.at('2026-11-21T10:00:00.000Z');
      const { root, manifests } = await one.published('v1.2.3');
      for (const target_environment of ['staging', 'production']) {
        const asked = { version: 'v1.2.3', target_environment, sync_registries: true };
        const { body } = await dev('POST', promotions, asked);
        if (target_environment === 'production') {
          await one.as('alice')('POST', `${promotions}/${body.id}/approve`);
          await dev('POST', `${promotions}/${body.id}/execute`);
        }
        await one.world.run(body.id);
        const ended = (await dev('GET', `${promotions}/${body.id}`)).body;
        expect(ended, JSON.stringify(ended.failure)).toMatchObject({ status: 'completed' });
      }
      const tags = ['v1.2.3-staging', 'latest-staging', 'v1.2.3-prod', 'latest-prod'];
      const raw = await one.at(one.main, one.path()).readManifest('v1.2.3-dev');
      for (const registry of [one.main, one.dr]) {
        const repository = one.at(registry, one.path());
        for (const tag of tags) expect((await repository.resolve(tag))?.digest, tag).toBe(root);
        // The signature and the SBOM of the index, the signature of each child, and what refers to those.
        for (const digest of manifests) {
          const listed = (await repository.referrers(digest)).map((referrer) => referrer.digest).sort();
          const there = (await one.at(one.main, one.path()).referrers(digest))
            .map((referrer) => referrer.digest)
            .sort();
          expect(listed, digest).toEqual(there);
          for (const referrer of listed) expect((await repository.resolve(referrer))?.digest).toBe(referrer);
        }
        for (const [program, argv] of JUDGES) {
          if (skipWithout(program)) continue;
          for (const tag of tags) {
            const said = await judged(program, argv(`${new URL(registry.url).host}/${one.path()}:${tag}`));
            const expected = program === 'skopeo' ? Buffer.from(raw?.bytes ?? []).toString('utf8') : root;
            expect(said, `${program} ${tag}`).toBe(expected.trim());
          }
        }
      }
      expect((await one.at(one.main, one.path()).referrers(root)).length).toBe(2);
    });

    it('of which the record is found by another maker, verified offline, and taken along', async () => {
      if (skipWithout('regctl')) return;
      await one.as('admin')('PATCH', '/api/v1/environments/staging', { gates: [], reason: 'test' });
      one.world.at('2026-11-21T10:00:00.000Z');
      const { root } = await one.published('v1.2.3');
      const asked = { version: 'v1.2.3', target_environment: 'staging', sync_registries: true };
      const { body } = await dev('POST', promotions, asked);
      await one.world.run(body.id);
      for (let round = 0; round < 2; round += 1) {
        const told = await attachRecord(one.world.deps, { tenant: 'acme', promotion_id: body.id });
        expect(told).toEqual({ outcome: 'done' });
      }
      for (const registry of [one.main, one.dr]) {
        const host = new URL(registry.url).host;
        const reference = `${host}/${one.path()}:v1.2.3-staging`;
        const tls = ['--host', `reg=${host},tls=disabled`];
        const tree = await judged('regctl', [...tls, 'artifact', 'tree', reference]);
        expect(tree.split(RECORD_TYPE).length - 1).toBe(1);
        const type = ['--filter-artifact-type', RECORD_TYPE];
        const envelope = await judged('regctl', [...tls, 'artifact', 'get', '--subject', reference, ...type]);
        const verified = verifyRecord(envelope, await testSigner.publicKey());
        expect(verified).toMatchObject({
          digest: root,
          record: { promotion_id: body.id, result: 'SUCCESS' },
        });
        expect(await judged('regctl', [...tls, 'manifest', 'head', reference])).toBe(root);
      }
    });

    it('of which the copies are judged by regctl: it finds the signature and the SBOM', async () => {
      if (skipWithout('regctl')) return;
      await one.as('admin')('PATCH', '/api/v1/environments/staging', { gates: [], reason: 'test' });
      one.world.at('2026-11-21T10:00:00.000Z');
      await one.published('v1.2.3');
      const asked = { version: 'v1.2.3', target_environment: 'staging', sync_registries: true };
      const { body } = await dev('POST', promotions, asked);
      await one.world.run(body.id);
      const host = new URL(one.dr.url).host;
      const tree = await judged('regctl', [
        ...['--host', `reg=${host},tls=disabled`, 'artifact', 'tree', `${host}/${one.path()}:v1.2.3-staging`],
      ]);
      expect(tree).toContain('application/spdx+json');
      expect(tree.match(/application\/vnd\.dev\.sigstore\.bundle/g)?.length).toBe(3);
    });
  });
});
