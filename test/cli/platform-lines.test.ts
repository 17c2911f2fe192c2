import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { artifactWorld } from '../handlers/artifacts-world.ts';
import { robot } from '../support/local-registry.ts';
import { pair, pem } from '../support/signing.ts';
import { type Cli, createCli, drive, removeFolders, type Said } from './cli-world.ts';

afterAll(removeFolders);

const one = artifactWorld();
let cli: Cli;
beforeEach(async () => {
  cli = await createCli(one.world);
  for (const environment of ['staging', 'production']) {
    const gates = [{ name: 'policy_compliance' }];
    const body = { gates, protected: environment === 'production', reason: 'test' };
    expect((await one.as('admin')('PATCH', `/api/v1/environments/${environment}`, body)).status).toBe(200);
  }
  // What was weakened in the very moment of a request holds the request.
  one.world.at('2026-11-21T10:00:00.000Z');
});

const dev = (...argv: string[]) => cli.as('dev')('platform', ...argv);
const fine = async (said: Promise<Said>): Promise<string> => {
  const { exit, out, err } = await said;
  expect(exit, out + err).toBe(0);
  return out;
};
/** The names of the columns: the line above the rule. */
const columnsOf = (out: string): string[] => {
  const lines = out.split('\n');
  const rule = lines.findIndex((line) => /^-+( {2}-+)*$/.test(line));
  return (lines[rule - 1] ?? '').split(/ {2,}/);
};
/** Publishes a version and brings it to staging. */
async function staged(version: string): Promise<void> {
  await one.build(`build-${version}`, 2_000 + Number(version.replaceAll(/\D/g, '')));
  await fine(dev('publish', `--version=${version}`, '--reference', `build-${version}`));
  await fine(dev('promote', version, '--from=dev', '--to=staging', '--wait'));
  await drive(one.world);
}

describe('the lines of the artifact document', () => {
  it('publish, promote and show the status in its columns', async () => {
    await staged('v1.2.3');
    const status = await fine(dev('promote', 'status'));
    expect(columnsOf(status)).toEqual(['Environment', 'Version', 'Promoted At', 'Promoted By', 'Gates']);
    expect(status).toMatch(/^development +v1\.2\.3-dev +\S+ +dev@acme\.com/m);
    expect(status).toMatch(/^staging +v1\.2\.3-staging .* ✓$/m);
    expect(status).toContain('No pending promotions.');
    expect(await fine(dev('status'))).toBe(status);
    expect(await fine(dev('promote', 'status', '--env=staging'))).not.toMatch(/^development/m);
  });

  it('list the pending promotions below', async () => {
    await staged('v1.2.3');
    await fine(dev('promote', 'v1.2.3', '--to=prod', '--sync-registries'));
    const status = await fine(dev('status'));
    expect(status).toMatch(/Pending Promotions:\n- v1\.2\.3 → production \(approval \(0 of 1\); prom-\d+\)/);
  });

  it('name the gate that blocks one, as the document does', async () => {
    await staged('v1.2.3');
    const gates = { gates: { security_scan: true }, reason: 'a test' };
    expect(await one.as('admin')('PATCH', '/api/v1/environments/staging', gates)).toMatchObject({
      status: 200,
    });
    await one.build('build-v1.2.4', 2_124);
    await fine(dev('publish', '--version=v1.2.4', '--reference', 'build-v1.2.4'));
    await dev('promote', 'v1.2.4', '--to=staging');
    expect(await fine(dev('status'))).toMatch(
      /Pending Promotions:\n- v1\.2\.4 → staging \(blocked: security_scan failed; prom-\d+\)/,
    );
  });

  it('are not stopped by a gate whose provider has yet to answer', async () => {
    const gates = [{ name: 'signature', provider: { type: 'registry', public_keys: [pem(pair())] } }];
    const asked = { gates, reason: 'a test' };
    expect(await one.as('admin')('PATCH', '/api/v1/environments/staging', asked)).toMatchObject({
      status: 200,
    });
    one.world.at('2026-11-21T11:00:00.000Z');
    await one.build('build-v1.2.3', 2_123);
    await fine(dev('publish', '--version=v1.2.3', '--reference', 'build-v1.2.3'));
    const { exit, err } = await dev('promote', 'v1.2.3', '--to=staging');
    expect(exit, err).toBe(0);
    expect(err).toContain('Its gates are being judged.');
    expect(await fine(dev('status'))).toMatch(
      /- v1\.2\.3 → staging \(blocked: signature pending; prom-\d+\)/,
    );
  });

  it('promote without a trace in a dry run', async () => {
    await staged('v1.2.3');
    const dry = await fine(dev('promote', 'v1.2.3', '--from=staging', '--to=prod', '--dry-run'));
    expect(dry).toContain('would be pending');
    expect(await fine(dev('status'))).toContain('No pending promotions.');
  });

  it('list the versions of an environment by its name or alias', async () => {
    await staged('v1.2.3');
    const there = await fine(dev('list', '--env=staging'));
    expect(there).toMatch(/^v1\.2\.3 /m);
    expect(await fine(dev('list', '--env=STG'))).toBe(there);
    expect(await fine(dev('list', '--env=prod'))).not.toMatch(/^v1\.2\.3 /m);
    expect(await dev('list', '--env=moon')).toMatchObject({ exit: 3 });
  });

  it('refuse a version that is not in the source environment', async () => {
    await staged('v1.2.3');
    expect(await dev('promote', 'v9.9.9', '--to=prod')).toMatchObject({ exit: 3 });
    await one.build('build-new', 8_888);
    await fine(dev('publish', '--version=v1.3.0', '--reference', 'build-new'));
    expect(await dev('promote', 'v1.3.0', '--to=prod')).toMatchObject({ exit: 11 });
    expect(await dev('promote', 'v1.2.3', '--from=dev', '--to=prod')).toMatchObject({ exit: 9 });
  });

  it('refuse to publish other content as a version that exists', async () => {
    await staged('v1.2.3');
    await one.build('other', 9_999);
    expect(await dev('publish', '--version=v1.2.3', '--reference', 'other')).toMatchObject({ exit: 4 });
  });

  it('analyze a rollback in its words, and take it back', async () => {
    await staged('v1.2.2');
    await staged('v1.2.3');
    const impact = await fine(dev('rollback', 'v1.2.2', '--env=staging', '--dry-run'));
    expect(impact).toMatch(/^Affected data products: 0$/m);
    expect(impact).toMatch(/^Breaking changes: 0$/m);
    expect(impact).toMatch(/^Estimated downtime: /m);
    expect(impact).toMatch(/^Recommendation: SAFE to rollback$/m);
    expect(impact).toMatch(/^Goes back: 1\.2\.3, revision 2 to 1\.2\.2, revision 1$/m);
    expect(impact).toMatch(/^Policy compatibility: it would pass the gates of today$/m);
    const numbered = await fine(dev('rollback', '--env=staging', '--to-revision=1', '--dry-run'));
    expect(numbered).toContain('to 1.2.2, revision 1');
    expect(await dev('rollback', '--env=staging', '--to-revision=7', '--dry-run')).toMatchObject({
      err: expect.stringContaining('BLOCKED (source_not_deployed)'),
    });
    expect(await dev('rollback', '--env=staging', '--to-revision=one')).toMatchObject({ exit: 2 });
    await fine(dev('rollback', 'v1.2.2', '--env=staging', '--wait'));
    expect(await fine(dev('status', '--env=staging'))).toMatch(/^staging +v1\.2\.2-staging /m);
  });

  it('list the versions of an environment', async () => {
    await staged('v1.2.3');
    const list = await fine(dev('list', '--env=staging'));
    expect(columnsOf(list)).toEqual(['Version', 'Environments', 'Digest', 'Published by', 'Published at']);
    expect(list).toContain('v1.2.3');
    expect(await fine(dev('list', '--env=production'))).not.toContain('v1.2.3');
  });

  it('validate what is open, and exit 8 where a gate refuses', async () => {
    expect(await fine(dev('validate', '--strict'))).toContain('No promotion is open.');
    await staged('v1.2.3');
    const gates = [{ name: 'policy_compliance' }, { name: 'tests' }];
    await one.as('admin')('PATCH', '/api/v1/environments/production', { gates, reason: 'test' });
    expect(await dev('promote', 'v1.2.3', '--to=prod')).toMatchObject({ exit: 8 });
    expect(await dev('validate')).toMatchObject({ exit: 0 });
    expect(await dev('validate', '--strict')).toMatchObject({ exit: 8 });
  });
});

it('is documented line by line', async () => {
  const guide = await readFile(join(import.meta.dirname, '../../docs/cli.md'), 'utf8');
  const [block = ''] = guide.split('## As the artifact document has it')[1]?.match(/```sh[\s\S]*?```/) ?? [];
  await staged('v1.2.2');
  await writeFile(join(cli.home, 'manifest.yaml'), 'name: platform\n');
  cli.env = { SLUICE_REGISTRY_USERNAME: robot.username, SLUICE_REGISTRY_PASSWORD: robot.password };
  const world = cli.fetch;
  cli.fetch = (input, init) => (String(input).startsWith(one.main.url) ? fetch : world)(input, init);
  const lines = block.split('\n').filter((line) => line.startsWith('sluice '));
  expect(lines.length).toBeGreaterThan(5);
  for (const line of lines) {
    const said = await cli.as('dev')(...line.split(' ').slice(1));
    // Nothing was ever in production here: that line is about a tenant of which that is so.
    expect(said, line).toMatchObject({ exit: line.includes('rollback') ? 3 : 0 });
  }
});
