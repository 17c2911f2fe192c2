/** Loaded before anything else, and plain JavaScript so that a Node too old for the rest can still say so. */
import module from 'node:module';

const major = Number(process.versions.node.split('.')[0]);
if (major < 22) {
  process.stderr.write(
    `Sluice needs Node 22 or newer; this is ${process.version}. Install one, or run \`npm ci\` again.\n`,
  );
  process.exit(1);
}
// SQLite and type stripping are what the runtime is built on; that they are marked experimental helps nobody here.
process.removeAllListeners('warning');
process.on('warning', (warning) => {
  if (warning.name !== 'ExperimentalWarning') process.stderr.write(`${warning.stack ?? warning}\n`);
});
// What was compiled once is not compiled at the next start; Node keeps it among the temporary files.
module.enableCompileCache?.();
