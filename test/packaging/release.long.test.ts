import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { gunzipSync, unzipSync } from 'fflate';
import { extract } from 'tar-stream';
import { beforeAll, describe, expect, it } from 'vitest';
import { demoComplete } from '../support/demo.ts';
import { ALLOWED_LICENSES } from '../support/licenses.ts';
import { clone, makeRelease } from '../support/made-release.ts';
import { programPath, skipWithout } from '../support/programs.ts';
import { releases, root } from '../support/releases.ts';
import { launch, ready } from '../support/runtime-process.ts';

const run = promisify(execFile);
const V = releases.next.version;
let one: string;
let other: string;
beforeAll(async () => {
  [one, other] = [await clone(), await clone()];
  await makeRelease(one, '022', 'UTC');
  await makeRelease(other, '077', 'Pacific/Kiritimati');
});

describe('npm run release', () => {
  it('gives the same bytes in another folder, at another time, with another umask', async () => {
    const [sums, again] = await Promise.all(
      [one, other].map((folder) => readFile(join(folder, 'release/SHA256SUMS'), 'utf8')),
    );
    expect(again).toBe(sums);
    await run('sha256sum', ['--check', 'SHA256SUMS'], { cwd: join(one, 'release') });
  });

  it('tells a changed archive', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sluice-changed-'));
    await cp(join(one, 'release'), folder, { recursive: true });
    await writeFile(join(folder, 'sluice.mjs'), 'x', { flag: 'a' });
    await expect(run('sha256sum', ['--check', 'SHA256SUMS'], { cwd: folder })).rejects.toThrow(
      '1 computed checksum did NOT match',
    );
  });

  it('refuses a version that is there, and a changed tree by name', async () => {
    await expect(makeRelease(one, '022', 'UTC')).rejects.toThrow(/release is there already/);
    await writeFile(join(other, 'README.md'), 'x', { flag: 'a' });
    await writeFile(join(other, 'new.ts'), '');
    await expect(makeRelease(other, '022', 'UTC')).rejects.toThrow(/changes first: README\.md, new\.ts/);
  });

  it('holds no path of the machine, no address of a registry, no secret, no source map', async () => {
    const found: string[] = [];
    for (const [name, contents] of await everyFile(join(one, 'release'))) {
      for (const trace of [one, root, 'sourceMappingURL=data', 'sourcesContent', 'BEGIN PRIVATE KEY']) {
        if (contents.includes(trace)) found.push(`${name}: ${trace}`);
      }
      if (/AKIA[0-9A-Z]{16}|npm_[A-Za-z0-9]{36}|gh[pousr]_[A-Za-z0-9]{36}/.test(contents)) found.push(name);
    }
    expect(found).toEqual([]);
  });

  it('is a command line by its package alone: no dependency, small, and it runs', async () => {
    const home = await mkdtemp(join(tmpdir(), 'sluice-install-'));
    const env = {
      ...process.env,
      HOME: home,
      npm_config_cache: join(home, 'cache'),
      npm_config_prefix: home,
    };
    await run('npm', ['install', '--global', '--offline', join(one, `release/sluice-cli-${V}.tgz`)], { env });
    const { stdout } = await run(join(home, 'bin/sluice'), ['--version'], { env });
    expect(stdout).toContain(V);
    const { stdout: size } = await run('du', ['-sk', join(home, 'lib')]);
    expect(Number.parseInt(size, 10)).toBeLessThan(3 * 1024);
  });

  it('is Sluice on one machine by its package alone: small, as `npm start` is, on the same data', async () => {
    const home = await mkdtemp(join(tmpdir(), 'sluice-install-'));
    const env = { ...process.env, HOME: home, npm_config_cache: join(home, 'cache') };
    const archive = join(one, `release/sluice-local-${V}.tgz`);
    await run('npm', ['install', '--prefix', home, '--no-audit', '--no-fund', archive], { env });
    const { stdout: size } = await run('du', ['-sk', join(home, 'node_modules')]);
    expect(Number.parseInt(size, 10)).toBeLessThan(60 * 1024);
    const program = join(home, 'node_modules/sluice-local/sluice-local.mjs');
    const packaged = launch({ HOME: home, SLUICE_DEMO: 'on' }, program, ['--port', '0']);
    await ready(packaged);
    await demoComplete(packaged);
    const url = /http:\S+/.exec(packaged.output())?.[0];
    expect(await (await fetch(`${url}/healthz`)).json()).toEqual({ status: 'ok' });
    expect((await fetch(`${url}/`)).status).toBe(200);
    const { stdout: token } = await run(process.execPath, [program, 'token', 'dev@acme.com'], { env });
    const environments = await environmentsAt(url, token.trim());
    expect(environments).toContain('"production"');
    packaged.child.kill('SIGTERM');
    expect(await packaged.gone).toBe(0);
    const dataDir = join(home, '.local/share/sluice');
    const checkout = launch({ PORT: '0', SLUICE_DATA_DIR: dataDir });
    await ready(checkout);
    const again = /http:\S+/.exec(checkout.output())?.[0];
    // The issuer is the address of the runtime: another port takes other tokens.
    const made = await run(process.execPath, ['local/token.ts', 'dev@acme.com'], {
      cwd: root,
      env: { ...env, SLUICE_DATA_DIR: dataDir },
    });
    expect(await environmentsAt(again, made.stdout.trim())).toBe(environments);
    checkout.child.kill('SIGTERM');
    expect(await checkout.gone).toBe(0);
    const watching = launch({ HOME: home }, program, ['--watch']);
    expect(await watching.gone).toBe(1);
    expect(watching.output()).toBe('--watch needs the sources: run npm start -- --watch in a clone.\n');
  });

  it('is an assembly that the CDK reads, without what the synthesis kept for itself', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sluice-aws-'));
    for (const [name, contents] of filesOfZip(await readFile(join(one, `release/sluice-aws-${V}.zip`)))) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), contents);
    }
    const { stdout } = await run(join(root, 'node_modules/.bin/cdk'), ['--app', folder, 'list']);
    expect(stdout.trim()).toBe('Sluice');
    expect((await readdir(folder)).filter((name) => /metadata|tree/.test(name))).toEqual([]);
  });

  it('names a license that allows it for every package inside', async () => {
    const documents = (await readdir(join(one, 'release'))).filter((name) => name.endsWith('.cdx.json'));
    expect(documents.length).toBe(3);
    for (const name of documents) {
      const { components } = JSON.parse(await readFile(join(one, 'release', name), 'utf8'));
      expect(components.length).toBeGreaterThan(10);
      for (const { licenses } of components) expect(ALLOWED_LICENSES).toContain(licenses[0].license.id);
    }
  });

  it.skipIf(skipWithout('cyclonedx-python'))('describes what is inside as CycloneDX says', async () => {
    const names = (await readdir(join(one, 'release'))).filter((name) => name.endsWith('.cdx.json'));
    expect(names.length).toBeGreaterThan(1);
    const validate = `
import sys
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
for path in sys.argv[1:]:
    found = JsonStrictValidator(SchemaVersion.V1_6).validate_str(open(path).read())
    if found: sys.exit(f'{path}: {found}')
`;
    const paths = names.map((name) => join(one, 'release', name));
    await run(programPath('cyclonedx-python') ?? '', ['-c', validate, ...paths]);
  });
});

const filesOfZip = (archive: Uint8Array) => Object.entries(unzipSync(archive));

/** Every file of a release, and every one inside its archives, as text of one byte a character. */
async function everyFile(folder: string): Promise<readonly (readonly [string, string])[]> {
  const files: (readonly [string, string])[] = [];
  for (const name of await readdir(folder)) {
    const contents = await readFile(join(folder, name));
    if (name.endsWith('.tgz')) {
      const tar = extract();
      tar.end(Buffer.from(gunzipSync(contents)));
      for await (const entry of tar) files.push([`${name}/${entry.header.name}`, await text(entry)]);
    } else if (name.endsWith('.zip')) {
      for (const [path, bytes] of filesOfZip(contents)) {
        files.push([`${name}/${path}`, Buffer.from(bytes).toString('latin1')]);
      }
    } else files.push([name, contents.toString('latin1')]);
  }
  return files;
}

/** What one of the demo people reads of a runtime's environments. */
async function environmentsAt(url: string | undefined, token: string): Promise<string> {
  const answer = await fetch(`${url}/api/v1/environments`, { headers: { authorization: `Bearer ${token}` } });
  return await answer.text();
}
