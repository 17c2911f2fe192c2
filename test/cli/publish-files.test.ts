import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, mkdir, readFile, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { isSameOrigin } from '../../cli/login/settings.ts';
import { artifactWorld } from '../handlers/artifacts-world.ts';
import { startForeignRegistry } from '../support/foreign-registry.ts';
import { robot, startRegistry, type TestRegistry } from '../support/local-registry.ts';
import { programPath, skipWithout } from '../support/programs.ts';
import { type Cli, createCli, jsonOf, removeFolders, temporaryFolder } from './cli-world.ts';

afterAll(removeFolders);

const run = promisify(execFile);
const LOGIN = { SLUICE_REGISTRY_USERNAME: robot.username, SLUICE_REGISTRY_PASSWORD: robot.password };
const FILES = {
  'manifest.yaml': 'name: platform\n',
  'policies/a.rego': 'package a\n',
  'policies/deep/b.rego': 'package b\n',
  'policies/copy of a': 'package a\n',
  'policies/nothing': '',
};
/** The bytes of a manifest are for good: other ones would be another artifact. */
const GOLDEN = 'sha256:8f8bf9bd3e27e1f2271f72b2db4f4d532ea420863f037ee5c06871a0690d5572';

type Request = { readonly method: string; readonly path: string };

/** A command line whose folder has the files, in front of a registry; remembers what went to it. */
async function scene(one: ReturnType<typeof artifactWorld>, files: Readonly<Record<string, string>> = FILES) {
  const cli = await createCli(one.world);
  const requests: Request[] = [];
  const world = cli.fetch;
  cli.fetch = async (input, init) => {
    const { origin, pathname, search } = new URL(input instanceof Request ? input.url : input);
    if (origin !== one.main.url) return world(input, init);
    requests.push({ method: init?.method ?? 'GET', path: `${pathname}${search}` });
    return fetch(input, init);
  };
  cli.env = { ...LOGIN };
  await write(cli, files);
  return { cli, requests };
}

async function write({ home }: Cli, files: Readonly<Record<string, string | Buffer>>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(join(home, name, '..'), { recursive: true });
    await writeFile(join(home, name), content);
  }
}

const publish = async (cli: Cli, ...argv: string[]) =>
  jsonOf(await cli.as('dev')('publish', '--version', 'v1.2.3', ...argv, '-o', 'json'));

const uploads = (requests: readonly Request[]) => requests.filter(({ method }) => method === 'PATCH').length;

describe.each([
  ['ours', undefined],
  ["Debian's docker-registry", 'docker-registry'],
] as const)('publishes files to %s', (_, program) => {
  describe.skipIf(program !== undefined && skipWithout(program))('as one artifact', () => {
    const start = (): Promise<TestRegistry> =>
      program === undefined ? startRegistry() : startForeignRegistry(program);
    const one = artifactWorld(start, start);

    it('that has the same digest wherever and whenever it is packed, in whatever order', async () => {
      const { cli } = await scene(one);
      const first = await publish(cli, 'policies', 'manifest.yaml', './policies/a.rego');
      expect(first.version).toMatchObject({ digest: GOLDEN, environments: ['development'] });
      expect(first.files.map(({ title }: { title: string }) => title)).toEqual(Object.keys(FILES).sort());
      const { cli: other } = await scene(one);
      await utimes(join(other.home, 'manifest.yaml'), 1, 1);
      await chmod(join(other.home, 'manifest.yaml'), 0o600);
      // Without names it is the manifest and its policies; what is published already is so still.
      expect((await publish(other)).version).toEqual(first.version);
    });

    it('of which each byte is sent once', async () => {
      const { cli, requests } = await scene(one);
      const { files } = await publish(cli);
      // The empty config is there for no one's first artifact.
      const contents = new Set(Object.values(FILES).filter((content) => content !== ''));
      expect(uploads(requests)).toBe(contents.size + 1);
      expect(new Set(files.map(({ outcome }: { outcome: string }) => outcome))).toEqual(new Set(['sent']));
      requests.length = 0;
      const again = await publish(cli);
      expect(uploads(requests)).toBe(0);
      expect(new Set(again.files.map(({ outcome }: { outcome: string }) => outcome))).toEqual(
        new Set(['there']),
      );
    });

    it('that regctl and skopeo unpack to the same files', async () => {
      if (skipWithout('regctl') || skipWithout('skopeo')) return;
      const { cli } = await scene(one);
      const { version } = await publish(cli);
      const { host } = new URL(one.main.url);
      const reference = `${host}/${one.path()}:v1.2.3-dev`;
      const folder = await temporaryFolder();
      await run(programPath('regctl') ?? '', [
        ...['--host', `reg=${host},tls=disabled`, 'artifact', 'get', '--output', folder, reference],
      ]);
      for (const [name, content] of Object.entries(FILES)) {
        expect(await readFile(join(folder, name), 'utf8'), name).toBe(content);
      }
      const { stdout } = await run('skopeo', [
        ...['inspect', '--raw', '--tls-verify=false', `docker://${reference}`],
      ]);
      expect(`sha256:${createHash('sha256').update(stdout).digest('hex')}`).toBe(version.digest);
      expect(JSON.parse(stdout)).toMatchObject({ artifactType: 'application/vnd.sluice.files.v1' });
    });

    it('in chunks, which go on where the connection broke', async () => {
      const large = Buffer.alloc(20 * 1024 * 1024, 'a line of a large file\n');
      const { cli, requests } = await scene(one, {});
      await write(cli, { 'large.bin': large });
      const through = cli.fetch;
      let broken = 0;
      cli.fetch = async (input, init) => {
        const answer = await through(input, init);
        if (init?.method === 'PATCH' && uploads(requests) === 2 && broken === 0) {
          broken += 1;
          throw new TypeError('the connection was reset');
        }
        return answer;
      };
      const { version } = await publish(cli, 'large.bin');
      expect(broken).toBe(1);
      expect(version.digest).toMatch(/^sha256:/);
      // Three chunks of the file and one of the config. The second chunk had arrived when its answer was lost: a registry that knows
      // is sent the rest, another one that chunk again; none is sent the file anew.
      expect(uploads(requests)).toBe(program === undefined ? 4 : 5);
    });

    it('and promotes it like any other', async () => {
      const { cli } = await scene(one);
      await publish(cli);
      await one.as('admin')('PATCH', '/api/v1/environments/staging', { gates: [], reason: 'test' });
      one.world.at('2026-11-21T10:00:00.000Z');
      const said = await cli.as('dev')('promote', 'v1.2.3', '--to', 'staging', '--sync-registries', '--wait');
      expect(said, said.err).toMatchObject({ exit: 0 });
      const synced = await one.at(one.dr, one.path()).resolve('v1.2.3-staging');
      expect(synced?.digest).toBe(GOLDEN);
    });
  });
});

describe('publishing files', () => {
  const one = artifactWorld();
  let cli: Cli;
  let requests: Request[];
  beforeEach(async () => {
    ({ cli, requests } = await scene(one));
  });
  const refused = (...argv: string[]) => cli.as('dev')('publish', '--version', 'v1.2.3', ...argv);

  it('mounts what another environment of the registry has', async () => {
    const body = { artifact_repository: { repository: `own${one.path()}` }, reason: 'test' };
    expect((await one.as('admin')('PATCH', '/api/v1/environments/staging', body)).status).toBe(200);
    const there = one.at(one.main, `own${one.path()}/platform`);
    const content = Buffer.from(FILES['manifest.yaml']);
    const digest = `sha256:${createHash('sha256').update(content).digest('hex')}` as const;
    await there.finishUpload(await there.sendChunk(await there.openUpload(), content), digest);
    requests.length = 0;
    const { files } = await publish(cli, 'manifest.yaml');
    expect(files).toMatchObject([{ title: 'manifest.yaml', outcome: 'mounted' }]);
    expect(uploads(requests)).toBe(1);
  });

  it('refuses other files as a version that exists', async () => {
    await publish(cli);
    await write(cli, { 'manifest.yaml': 'name: other\n' });
    expect(await refused()).toMatchObject({ exit: 4 });
  });

  it('exits 12 without credentials, and says how to get them', async () => {
    cli.env = { DOCKER_CONFIG: cli.home };
    const said = await refused();
    expect(said).toMatchObject({ exit: 12 });
    expect(said.err).toContain('docker login 127.0.0.1:');
  });

  it.each([
    ['http://localhost:8888', 'http://127.0.0.1:8888', true],
    ['http://[::1]:8888/', 'http://localhost:8888/x', true],
    ['http://localhost:8888', 'http://127.0.0.1:8889', false],
    ['http://localhost:8888', 'https://localhost:8888', false],
    ['https://sluice.example.com', 'https://sluice.example.com', true],
    ['https://sluice.example.com', 'https://registry.example.com', false],
    ['http://localhost:8888', 'http://localhost.example.com:8888', false],
  ])('sends the caller’s own token for %s to a registry at %s: %s', (server, registry, sent) => {
    expect(isSameOrigin(server, registry)).toBe(sent);
  });

  it('takes what `docker login` keeps, and asks its helper', async () => {
    const { host } = new URL(one.main.url);
    const auth = Buffer.from(`${robot.username}:${robot.password}`).toString('base64');
    cli.env = { DOCKER_CONFIG: cli.home };
    await write(cli, { 'config.json': JSON.stringify({ auths: { [`http://${host}/v2/`]: { auth } } }) });
    await publish(cli, 'manifest.yaml');
    const secret = JSON.stringify({ Username: robot.username, Secret: robot.password });
    await write(cli, {
      'docker-credential-vault': `#!/bin/sh\nread -r host\n[ "$host" = ${host} ] && echo '${secret}'\n`,
      'config.json': JSON.stringify({ credHelpers: { [host]: 'vault' } }),
    });
    await chmod(join(cli.home, 'docker-credential-vault'), 0o755);
    cli.env = { DOCKER_CONFIG: cli.home, PATH: `${cli.home}:${process.env['PATH']}` };
    const helped = await refused('policies', '--artifact', 'other');
    expect(helped, helped.err).toMatchObject({ exit: 0 });
    cli.env = { DOCKER_CONFIG: cli.home, PATH: '/nowhere' };
    const gone = await refused('policies');
    expect(gone).toMatchObject({ exit: 12 });
    expect(gone.err).toContain('there is no docker-credential-vault on the path');
    await write(cli, { 'config.json': '{"auths": 7}' });
    expect(await refused('policies')).toMatchObject({ exit: 12 });
  });

  it.each([
    ['a file that is not there', ['nothing.yaml'], 'cannot read nothing.yaml'],
    ['a file outside the folder', ['../other.yaml'], 'not below the current folder'],
    ['a link', ['link'], 'neither a file nor a folder'],
    ['an empty folder', ['empty'], 'there is no file in empty'],
    ['files and a reference', ['manifest.yaml', '--reference', 'build-1'], 'exclude each other'],
  ])('refuses %s before anything is sent', async (_, argv, words) => {
    await symlink('manifest.yaml', join(cli.home, 'link'));
    await mkdir(join(cli.home, 'empty'));
    const said = await refused(...argv);
    expect(said).toMatchObject({ exit: 2 });
    expect(said.err).toContain(words);
    expect(requests).toEqual([]);
  });

  it('says which files it wants where none is named and none is there', async () => {
    ({ cli, requests } = await scene(one, { 'other.txt': 'x' }));
    const said = await refused();
    expect(said).toMatchObject({ exit: 2 });
    expect(said.err).toContain('there is no manifest.yaml in this folder');
  });

  it('exits 5 where the registry does not answer', async () => {
    const through = cli.fetch;
    cli.fetch = async (input, init) => {
      const url = new URL(input instanceof Request ? input.url : input);
      if (url.origin === one.main.url) throw new TypeError('the network is down');
      return through(input, init);
    };
    expect(await refused()).toMatchObject({ exit: 5 });
  });
});
