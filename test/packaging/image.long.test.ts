import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../local/ports.ts';
import { tgz } from '../../packaging/archives.ts';
import { buildLocalPackage } from '../../packaging/local-package.ts';
import { programPath, skipLoudly, skipWithout } from '../support/programs.ts';
import { releases, root } from '../support/releases.ts';

const execute = promisify(execFile);
const V = releases.next.version;
const DEMO = '550e8400-e29b-41d4-a716-446655440000';

/** Runs one program; the answer is what it printed, without the end of the line. */
const run = async (program: string, ...words: string[]): Promise<string> =>
  (await execute(programPath(program) ?? program, words, { maxBuffer: 2 ** 26 })).stdout.trim();

const alone = skipLoudly('of the image', process.getuid?.() === 0 ? undefined : 'it takes root');
const skipped = alone || skipWithout('buildah') || skipWithout('mmdebstrap');

describe.skipIf(skipped)(
  'the image, built by buildah and run with a read-only root by a user without rights',
  () => {
    let folder: string;
    let base: string;
    let image: string;
    let mounted: string;
    let port: number;
    const buildah = (...words: string[]) =>
      run(
        'buildah',
        '--storage-driver',
        'vfs',
        '--root',
        join(folder, 'store'),
        '--runroot',
        join(folder, 'run'),
        ...words,
      );
    const sizeOf = async (container: string) =>
      Number.parseInt(await run('du', '-sm', await buildah('mount', container)), 10);

    /** Debian's smallest system with Node, as the official images have it. */
    async function makeBase(): Promise<string> {
      const tar = join(folder, 'base.tar');
      await run('mmdebstrap', '--variant=minbase', 'bookworm', tar);
      const container = await buildah('from', 'scratch');
      const node = join(folder, 'node');
      await copyFile(process.execPath, node);
      await chmod(node, 0o755);
      await buildah('add', container, tar, '/');
      await buildah('add', container, node, '/usr/local/bin/node');
      await buildah('commit', container, 'localhost/base');
      return container;
    }

    async function makeContext(): Promise<string> {
      const context = join(folder, 'image');
      await mkdir(join(context, 'data'), { recursive: true });
      const archive = join(folder, `sluice-local-${V}.tgz`);
      await writeFile(archive, await tgz((await buildLocalPackage(root, 'sluice-local', V)).files));
      await run('npm', 'install', '--prefix', context, '--os', 'linux', '--no-audit', '--no-fund', archive);
      return context;
    }

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'sluice-image-'));
      port = await freePort();
      base = await makeBase();
      const file = join(root, 'packaging/Containerfile');
      const given = ['--build-arg', 'BASE=localhost/base', '--build-arg', `VERSION=${V}`];
      await buildah(
        'build',
        '--isolation',
        'chroot',
        ...given,
        '-f',
        file,
        '-t',
        'localhost/sluice',
        await makeContext(),
      );
      image = await buildah('from', 'localhost/sluice');
      mounted = await buildah('mount', image);
      const data = join(folder, 'data');
      await mkdir(data);
      await run('chown', '65532:65532', data);
    });
    let running: ChildProcess | undefined;
    afterAll(async () => {
      running?.kill('SIGKILL');
      await buildah('umount', '--all');
      await rm(folder, { recursive: true, force: true });
    });

    /** What a runtime of containers does: the root read-only, the volume and /proc mounted, another user, the configured command. */
    function within(words: readonly string[]): ChildProcess {
      const script = `set -e
      mount --bind "$1" "$1"; mount -o remount,ro,bind "$1"
      mount --bind "$2" "$1/data"; mount -t proc proc "$1/proc"; mount --bind /dev "$1/dev"
      root=$1; shift 2
      exec chroot --userspec=65532:65532 "$root" /usr/bin/env -i PATH=/usr/local/bin "$@"`;
      const env = ['HOME=/data', 'SLUICE_DATA_DIR=/data', 'SLUICE_LISTEN=0.0.0.0', `PORT=${port}`];
      const command = ['-m', 'sh', '-c', script, 'sh', mounted, join(folder, 'data'), ...env, ...words];
      return spawn(programPath('unshare') ?? '', command, { stdio: ['ignore', 'pipe', 'inherit'] });
    }
    const entry = ['node', '/opt/sluice/node_modules/sluice-local/sluice-local.mjs'];

    async function start(): Promise<void> {
      running = within(entry);
      const child = running;
      await new Promise<void>((resolve, reject) => {
        child.stdout?.on('data', (text) => String(text).includes('Sluice is ready') && resolve());
        child.on('exit', () => reject(new Error('The image ended before it was ready.')));
      });
    }

    async function call(method: string, path: string, email: string, body?: object) {
      const code = await readFile(join(folder, 'data/code'), 'utf8');
      const headers = { 'content-type': 'application/json', 'sluice-code': code };
      const url = `http://127.0.0.1:${port}`;
      const token = await fetch(`${url}/_local/token`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ email }),
      });
      const { access_token }: ReturnType<typeof JSON.parse> = await token.json();
      const answer = await fetch(`${url}/api/v1${path}`, {
        method,
        headers: { authorization: `Bearer ${access_token}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const json: ReturnType<typeof JSON.parse> = await answer.json();
      return { status: answer.status, json };
    }

    it('is configured for another user, a volume, and a health check, and is small', async () => {
      const { OCIv1 } = JSON.parse(await buildah('inspect', image));
      expect(OCIv1.config).toMatchObject({
        User: '65532:65532',
        Volumes: { '/data': {} },
        Entrypoint: entry,
      });
      expect(OCIv1.config.Labels).toMatchObject({ 'org.opencontainers.image.version': V });
      expect((await sizeOf(image)) - (await sizeOf(base))).toBeLessThan(90);
    });

    it('promotes with an approval, and loses nothing by kill -9', async () => {
      await start();
      const asked = await call('POST', '/config/promotions', 'dev@acme.com', {
        targetEnvironment: 'production',
        promotionType: 'SELECTIVE',
        configIds: ['query.timeout'],
      });
      expect(asked.status).toBe(201);
      running?.kill('SIGKILL');
      await start();
      const found = await call('GET', `/promotions/${asked.json.id}`, 'alice@acme.com');
      expect(found).toMatchObject({ status: 200, json: { status: 'pending', organization_id: DEMO } });
      const digest = { manifest_digest: found.json.manifest_digest };
      const approved = await call('POST', `/promotions/${asked.json.id}/approve`, 'alice@acme.com', digest);
      expect(approved.status).toBe(200);
    });

    it('says by its health check that it is well', async () => {
      const text = await readFile(join(root, 'packaging/Containerfile'), 'utf8');
      const check = JSON.parse(/CMD (\[.+\])$/m.exec(text)?.[1] ?? '[]');
      const child = within(check);
      expect(await new Promise((resolve) => child.on('exit', resolve))).toBe(0);
      running?.kill('SIGKILL');
      const down = within(check);
      expect(await new Promise((resolve) => down.on('exit', resolve))).toBe(1);
    });
  },
);
