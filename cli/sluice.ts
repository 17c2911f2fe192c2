import manifest from '../package.json' with { type: 'json' };

const { version } = manifest;

/** The process. Only what answers `--version` is compiled at once: in the bundle everything else is text until it is needed (`bundle.mjs`). */
if (process.argv[2] === '--version' || process.argv[2] === '-v') process.stdout.write(`${version}\n`);
else await (await import('./main.ts')).main(version);
