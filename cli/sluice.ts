import manifest from '../package.json' with { type: 'json' };

const { version } = manifest;

/** The process: everything beside the version is loaded late, so that this one is answered at once. */
if (process.argv[2] === '--version') process.stdout.write(`${version}\n`);
else {
  const [{ run }, { processTerminal }] = await Promise.all([import('./run.ts'), import('./terminal.ts')]);
  process.exitCode = await run(processTerminal(), process.argv.slice(2), version);
}
