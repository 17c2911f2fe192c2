import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { commandLine } from '../cli/bundle.mjs';
import type { PackedFile } from './archives.ts';
import { insideOf } from './modules.ts';
import { notices, sbom, type ThirdParty, thirdParties } from './third-parties.ts';

/** The command line as a release has it. */
export type CommandLine = {
  /** `sluice.mjs`. */
  readonly program: Uint8Array;
  readonly parties: readonly ThirdParty[];
  readonly notices: string;
  readonly sbom: object;
  /** What the npm package holds. */
  readonly package: readonly PackedFile[];
};

const run = promisify(execFile);
/** Where a shell looks for each script. */
const COMPLETIONS = { bash: 'sluice.bash', zsh: '_sluice', fish: 'sluice.fish' };

/** Builds the command line: one file, and the npm package with it, its completions, its license and its notices. */
export async function buildCommandLine(root: string, name: string, version: string): Promise<CommandLine> {
  const { contents, metafiles } = await commandLine();
  const parties = await thirdParties(
    root,
    metafiles.flatMap(({ outputs }) => insideOf(outputs)),
  );
  const text = notices(parties);
  const file = (path: string, contents: string | Uint8Array, executable = false): PackedFile => ({
    name: `package/${path}`,
    contents: Buffer.from(contents),
    executable,
  });
  const completions = await completionsOf(contents);
  return {
    ...{ program: contents, parties, notices: text, sbom: sbom({ name, version }, parties) },
    package: [
      file('package.json', `${JSON.stringify(manifest(name, version), null, 2)}\n`),
      file('sluice.mjs', contents, true),
      file('README.md', README),
      file('LICENSE', await readFile(join(root, 'LICENSE'))),
      file('THIRD-PARTY-NOTICES', text),
      ...completions.map(([path, script]) => file(`completions/${path}`, script)),
    ],
  };
}

const manifest = (name: string, version: string) => ({
  ...{ name, version, license: 'Apache-2.0', type: 'module' },
  description: 'The command line of Sluice, the control plane for environment promotion.',
  bin: { sluice: 'sluice.mjs' },
  engines: { node: '>=20' },
});

const README = `# sluice

The command line of Sluice. It needs Node 20 or newer and nothing else.

\`\`\`sh
sluice login https://sluice.your.domain
sluice status
sluice promote --key query.timeout --to production --wait
\`\`\`

\`sluice --help\` lists the verbs and the exit codes. \`completions/\` has a script for bash, zsh and fish each; \`sluice complete bash\`
prints the same.
`;

/** What the program itself prints for each shell. */
async function completionsOf(program: Uint8Array): Promise<readonly (readonly [string, string])[]> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-completions-'));
  try {
    const path = join(folder, 'sluice.mjs');
    await writeFile(path, program);
    const env = { PATH: process.env['PATH'], HOME: folder, NODE_DISABLE_COMPILE_CACHE: '1' };
    const shells = Object.entries(COMPLETIONS);
    return await Promise.all(
      shells.map(async ([shell, name]): Promise<readonly [string, string]> => {
        const { stdout } = await run(process.execPath, [path, 'complete', shell], { env });
        return [name, stdout];
      }),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
