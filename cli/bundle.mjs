/** Bundles the command line into one file. Plain JavaScript, so that any Node that can run the bundle can make it. */
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { createRequire, isBuiltin } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deflateSync } from 'fflate';

const require = createRequire(import.meta.url);
const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

const common = {
  absWorkingDir: root,
  bundle: true,
  minify: true,
  platform: 'node',
  target: 'node20',
  // Half the size of what `main` names, for the AWS SDK.
  mainFields: ['module', 'main'],
  legalComments: 'none',
  write: false,
  metafile: true,
};

/** Answers the bundle's path, made anew when a file that it is made of has changed since. */
export async function bundled(folder = join(root, 'node_modules', '.cache', 'sluice')) {
  const [outfile, listing] = [join(folder, 'sluice.mjs'), join(folder, 'sluice.inputs.json')];
  if (await isFresh(outfile, listing)) return outfile;
  await mkdir(folder, { recursive: true });
  const { contents, metafiles } = await commandLine();
  const inputs = new Set(metafiles.flatMap(({ inputs }) => Object.keys(inputs)));
  // What plugins make up is no file: its name has the namespace before a colon.
  const files = [...inputs].filter((input) => !/^(?:[a-z-]+:|<stdin>)/.test(input));
  // Two at once write the same; each file appears whole, and the listing last.
  await place(outfile, contents, 0o755);
  await place(listing, JSON.stringify(['cli/bundle.mjs', 'package-lock.json', ...files]), 0o644);
  return outfile;
}

/** Answers the bytes of the bundle, and what esbuild says of each build that went into it. */
export async function commandLine() {
  const { build } = await import('esbuild');
  const rest = await build({
    ...common,
    entryPoints: ['cli/main.ts'],
    format: 'cjs',
    plugins: [lateBuiltins, latePieces, ...leftOut],
  });
  const pieces = await Promise.all(
    Object.values(PIECES).map((contents) =>
      build({ ...common, stdin: { contents, resolveDir: root }, format: 'cjs', plugins: leftOut }),
    ),
  );
  const texts = [rest, ...pieces].map(({ outputFiles: [file] }) => file.text);
  const whole = await build({
    ...common,
    entryPoints: ['cli/sluice.ts'],
    outfile: 'sluice.mjs',
    format: 'esm',
    plugins: [textOfMain(texts), versionsOnly],
    banner: { js: '#!/usr/bin/env node' },
  });
  const metafiles = [rest, whole, ...pieces].flatMap(({ metafile }) => metafile ?? []);
  return { contents: whole.outputFiles[0].contents, metafiles };
}

/** What few verbs need, by name: each is a text of its own in the bundle, compiled when one of its functions is first called. */
const PIECES = {
  aws: `
    export { defaultProvider } from '@aws-sdk/credential-provider-node';
    export { SignatureV4 } from '@smithy/signature-v4';`,
  yaml: `export { dump, load } from 'js-yaml';`,
  tab: `export { default } from '@bomb.sh/tab/commander';`,
};

/** Puts functions and classes that ask for their piece in the place of the packages in it. */
const latePieces = {
  name: 'late-pieces',
  setup(build) {
    const exported = Object.entries(PIECES).flatMap(([piece, text]) =>
      [...text.matchAll(/export \{ (.+) \} from '(.+)'/g)].map(([, names, path]) => [path, { piece, names }]),
    );
    const pieces = new Map(exported);
    build.onResolve({ filter: /^[@a-z]/ }, ({ path, kind }) =>
      kind === 'import-statement' && pieces.has(path) ? { path, namespace: 'piece' } : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: 'piece' }, ({ path }) => {
      const { piece, names } = pieces.get(path);
      const late = (name) => `function (...given) {
        const real = pieceOf(${JSON.stringify(piece)}).${name};
        return new.target ? Reflect.construct(real, given) : real(...given);
      }`;
      const lines = names
        .split(', ')
        .map((name, at) => `const _${at} = ${late(name)}; export { _${at} as ${name} };`);
      return { contents: lines.join('\n') };
    });
  },
};

/**
 * Puts `main.ts`, all that it imports, and the pieces into the bundle as strings, compiled when they are first called: V8 reads a string
 * thirty times faster than code, and `--version` needs none of it.
 */
const textOfMain = ([main, ...pieces]) => ({
  name: 'text-of-main',
  setup(build) {
    build.onResolve({ filter: /^\.\/main\.ts$/ }, ({ path }) => ({ path, namespace: 'text' }));
    build.onLoad({ filter: /.*/, namespace: 'text' }, () => ({
      contents: `
        import Module from 'node:module';
        import { fileURLToPath } from 'node:url';
        ${keepCompiled}
        ${compiledNear}
        keepCompiled(Module, process);
        const bundle = compiledNear(fileURLToPath(import.meta.url), process.argv);
        const packed = { ${Object.keys(PIECES).map((name, at) => `${name}: ${JSON.stringify(packed(`const { pieceOf } = module;${pieces[at]}`))}`)} };
        const loaded = {};
        const pieceOf = (name) => (loaded[name] ??= evaluated(name, unpacked(packed[name])));
        const unpacked = (text) =>
          Module.createRequire(import.meta.url)('node:zlib').inflateRawSync(Buffer.from(text, 'base64')).toString('utf8');
        function evaluated(name, text) {
          const filename = bundle + '.' + name + '.cjs';
          const module = Object.assign(new Module(filename), { filename, pieceOf });
          module._compile(text, filename, 'commonjs');
          return module.exports;
        }
        export const { main } = evaluated('main', ${JSON.stringify(`const { pieceOf } = module;${main}`)});`,
    }));
  },
});

/**
 * A piece as the bundle holds it: V8 reads every character of the file at each start, whatever the verb needs. Packed in JavaScript, as
 * zlib packs otherwise on another processor.
 */
const packed = (text) => Buffer.from(deflateSync(Buffer.from(text), { level: 9 })).toString('base64');

/**
 * Keeps what V8 compiled in the user's cache, where Node can (22.8 and newer): compiling takes longer than all else that a verb does. Node
 * takes a compiled text only where its checksum, the text, and its own version fit, and goes on without where the folder cannot be written.
 */
function keepCompiled({ enableCompileCache }, { env, platform }) {
  const home =
    platform === 'win32' ? env.LOCALAPPDATA : env.XDG_CACHE_HOME || (env.HOME && `${env.HOME}/.cache`);
  if (home) enableCompileCache?.(`${home}/sluice`);
}

/**
 * The name under which a text is kept compiled. What was kept first stays, and has only the functions that were called then: each verb has
 * a name of its own. However many words are typed, there are 61.
 */
function compiledNear(bundle, [, , ...words]) {
  const verb = words.find((word) => !word.startsWith('-')) ?? '';
  const number = [...verb].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) % 61, 0);
  return `${bundle}.${number}`;
}

/**
 * Asks for Node's own modules where the code that uses them begins. An `import` of one would stand at the head of the bundle, and
 * `--version` would wait until HTTP, TLS and all others are loaded.
 */
const lateBuiltins = {
  name: 'late-builtins',
  setup(build) {
    const namespaces = { 'import-statement': 'builtin', 'dynamic-import': 'whole-builtin' };
    build.onResolve({ filter: /^[a-z:_/0-9]+$/ }, ({ path, kind }) =>
      kind in namespaces && isBuiltin(path) ? { path, namespace: namespaces[kind] } : undefined,
    );
    // Node answers `import()` with every export, and some of them load a whole HTTP client when they are looked at.
    build.onLoad({ filter: /.*/, namespace: 'whole-builtin' }, ({ path }) => ({
      contents: `module.exports = require(${JSON.stringify(path)});`,
    }));
    build.onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => {
      const names = Object.keys(require(path)).filter(
        (name) => /^[A-Za-z_$][\w$]*$/.test(name) && name !== 'default',
      );
      return {
        contents: `
          const whole = /* @__PURE__ */ require(${JSON.stringify(path)});
          export default whole;
          ${names.map((name) => `const _${name} = /* @__PURE__ */ (() => whole.${name})(); export { _${name} as ${name} };`).join('\n')}`,
      };
    });
  },
};

/** A manifest is bundled for its version. */
const versionsOnly = {
  name: 'versions-only',
  setup(build) {
    build.onLoad({ filter: /[\\/]package\.json$/ }, async ({ path }) => {
      const { version } = JSON.parse(await readFile(path, 'utf8'));
      return { contents: JSON.stringify({ version }), loader: 'json' };
    });
  },
};

/** Summaries of operations are for the API's document. */
const withoutSummaries = {
  name: 'without-summaries',
  setup(build) {
    build.onLoad({ filter: /[\\/]functions[\\/]contract[\\/][\w-]+\.ts$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      return { contents: text.replace(/^ +summary:\s*(['"`]).*\1,$/gm, ''), loader: 'ts' };
    });
  },
};

/** Puts `contents` in the place of the packages that match, for those files alone that `importer` matches. */
const instead = (name, filter, contents, importer = /./) => ({
  name,
  setup(build) {
    build.onResolve({ filter }, (asked) =>
      importer.test(asked.importer) ? { path: asked.path, namespace: name } : undefined,
    );
    build.onLoad({ filter, namespace: name }, () => ({ contents, resolveDir: root }));
  },
});

/**
 * How the AWS SDK logs people in by browser is a tenth of the bundle: `aws configure export-credentials` hands such a login over, as a
 * `credential_process` or in the environment.
 */
const withoutBrowserLogins = instead(
  'without-browser-logins',
  /^@aws-sdk\/credential-provider-(sso|login)$/,
  `
    const leftOut = () => async () => {
      throw Object.assign(new Error('use \`aws configure export-credentials\` for a login by browser'), {
        name: 'CredentialsProviderError',
        tryNextLink: false,
      });
    };
    export { leftOut as fromSSO, leftOut as fromLoginCredentials };
    export const isSsoProfile = (profile) =>
      ['sso_start_url', 'sso_account_id', 'sso_session', 'sso_region', 'sso_role_name'].some(
        (name) => typeof profile?.[name] === 'string',
      );
    export const validateSsoProfile = (profile) => profile;`,
);

/** The scripts that complete words in a shell are text in the library: their remarks and indents are two fifths of it. */
const withoutRemarks = {
  name: 'without-remarks',
  setup(build) {
    build.onLoad(
      { filter: /[\\/]@bomb\.sh[\\/]tab[\\/]dist[\\/]powershell-[\w-]+\.mjs$/ },
      async ({ path }) => {
        const text = await readFile(path, 'utf8');
        return { contents: text.replace(/^[ \t]*# .*\n/gm, '').replace(/^[ \t]+/gm, '') };
      },
    );
  },
};

const leftOut = [
  versionsOnly,
  withoutSummaries,
  withoutRemarks,
  withoutBrowserLogins,
  // No verb is a program of its own.
  instead('without-subprograms', /^node:child_process$/, 'module.exports = {};', /[\\/]commander[\\/]/),
  // Of AWS the command line calls STS alone, which has no event streams.
  instead('without-event-streams', /^@smithy\/core\/event-streams$/, 'export {};'),
  // STS is asked in one region: it takes the signatures that everything else is signed with.
  instead(
    'without-many-regions',
    /^@aws-sdk\/signature-v4-multi-region$/,
    `
    import { SignatureV4 } from '@smithy/signature-v4';
    export class SignatureV4MultiRegion extends SignatureV4 {
      static sigv4aDependency = () => 'none';
    }`,
  ),
  // What tells a function's trace from another one's: the SDK does without.
  instead(
    'without-invoke-store',
    /^@aws\/lambda-invoke-store$/,
    'export const InvokeStore = { getInstanceAsync: async () => undefined };',
  ),
];

async function place(file, contents, mode) {
  const next = `${file}.${process.pid}`;
  await writeFile(next, contents, { mode });
  await rename(next, file);
}

async function isFresh(outfile, listing) {
  try {
    const made = (await stat(outfile)).mtimeMs;
    const inputs = JSON.parse(await readFile(listing, 'utf8'));
    const times = await Promise.all(inputs.map(async (input) => (await stat(join(root, input))).mtimeMs));
    return times.every((time) => time < made);
  } catch {
    return false;
  }
}
