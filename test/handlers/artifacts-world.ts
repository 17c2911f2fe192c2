import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import { streamingEgress } from '../../functions/adapters/egress/stream.ts';
import type { Exchange } from '../../functions/adapters/oci/exchange.ts';
import { ociRegistries } from '../../functions/adapters/oci/registries.ts';
import type { OciRepository } from '../../functions/adapters/oci/repository.ts';
import { sigstoreSignatures } from '../../functions/adapters/sigstore/signatures.ts';
import { robot, startRegistry, type TestRegistry } from '../support/local-registry.ts';
import { type Pushed, pushSigned, repositoryAt } from '../support/oci.ts';
import { createWorld, type Name, type World } from './api-world.ts';
import type { Answer } from './event.ts';

/** A world whose tenant has two real registries of this machine. */
export type ArtifactWorld = {
  readonly world: World;
  readonly main: TestRegistry;
  readonly dr: TestRegistry;
  /** What every request to a registry passes; a test puts its own in. */
  through: (exchange: Exchange) => Exchange;
  /** Secrets by reference; `undefined` is gone. All others are the credentials of both registries. */
  readonly secrets: Map<string, string | undefined>;
  as(name: Name): (...call: Parameters<ReturnType<World['as']>>) => Promise<Answer>;
  /** A repository of a registry, for looking. */
  at(registry: TestRegistry, path: string): OciRepository;
  /** Pushes a signed artifact as CI does, under a tag. */
  build(tag: string, layerBytes?: number): Promise<Pushed>;
  /** Builds and publishes. */
  published(version: string, layerBytes?: number): Promise<Pushed>;
};

const paths = { registries: '/api/v1/registries', versions: '/api/v1/artifacts/platform/versions' };

/** One world for each test of a file, over registries that last as long as the file. Repositories are the test's own. */
export function artifactWorld(
  startMain: () => Promise<TestRegistry> = startRegistry,
  startOther: () => Promise<TestRegistry> = startRegistry,
): ArtifactWorld & { readonly path: () => string } {
  let main: TestRegistry | undefined;
  let dr: TestRegistry | undefined;
  let world: World | undefined;
  let number = 0;
  const there = <T>(thing: T | undefined): T => {
    if (thing === undefined) throw new Error('the test has not begun');
    return thing;
  };
  const self: ArtifactWorld & { readonly path: () => string } = {
    get world() {
      return there(world);
    },
    get main() {
      return there(main);
    },
    get dr() {
      return there(dr);
    },
    through: (exchange) => exchange,
    secrets: new Map(),
    path: () => `t${number}/platform`,
    as: (name) => there(world).as(name),
    at: ({ url }, path) => repositoryAt(url, path, { credentials: robot }).repository,
    async build(tag, layerBytes) {
      const repository = self.at(self.main, self.path());
      const pushed = await pushSigned(repository, layerBytes);
      const manifest = await repository.readManifest(pushed.root);
      if (manifest !== undefined) await repository.writeManifest(tag, manifest);
      return pushed;
    },
    async published(version, layerBytes = 1_000 + number + Number(version.replaceAll(/\D/g, ''))) {
      const pushed = await self.build(`build-${version}`, layerBytes);
      const answer = await self.as('dev')('POST', paths.versions, { version, reference: `build-${version}` });
      expect(answer, JSON.stringify(answer.body)).toMatchObject({
        status: 201,
        body: { digest: pushed.root },
      });
      return pushed;
    },
  };
  beforeAll(async () => {
    [main, dr] = await Promise.all([startMain(), startOther()]);
  });
  afterAll(() => Promise.all([main?.stop(), dr?.stop()]));
  beforeEach(async () => {
    number += 1;
    self.secrets.clear();
    self.through = (exchange) => exchange;
    world = await createWorld();
    const loopback = streamingEgress({ allowLoopback: true });
    Object.assign(world.deps, {
      allowLoopback: true,
      registries: ociRegistries({
        copySeconds: 60,
        exchange: (request) => self.through(loopback)(request),
        secrets: {
          read: async (_, ref) => (self.secrets.has(ref) ? self.secrets.get(ref) : JSON.stringify(robot)),
        },
        signatures: sigstoreSignatures,
        now: Date.now,
        sleep: async () => {},
      }),
    });
    const registry = { secret_ref: 'sluice/acme/registry/local', repository_prefix: `t${number}` };
    for (const [id, role, url] of [
      ['main', 'primary', self.main.url],
      ['dr', 'secondary', self.dr.url],
    ]) {
      const made = await self.as('admin')('POST', paths.registries, { ...registry, id, role, url });
      expect(made, JSON.stringify(made.body)).toMatchObject({ status: 201 });
    }
  });
  return self;
}
