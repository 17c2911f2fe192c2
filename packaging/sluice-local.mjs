#!/usr/bin/env node
/** `sluice-local`, and `sluice-local token <email>`: plain JavaScript, so that a Node too old for the rest can still say so. */
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 13)) {
  process.stderr.write(`sluice-local needs Node 22.13 or newer (24 is best); this is ${process.version}.\n`);
  process.exit(1);
}

const { env, platform, argv } = process;
if (argv.includes('--watch')) {
  process.stderr.write('--watch needs the sources: run npm start -- --watch in a clone.\n');
  process.exit(1);
}
env.SLUICE_LOCAL_PROGRAM = 'sluice-local';
env.SLUICE_ASSEMBLY_DIR ||= fileURLToPath(new URL('./assembly', import.meta.url));
env.SLUICE_DATA_DIR ||= dataFolder();

const load = (file) => import(new URL(`./runtime/${file}`, import.meta.url).href);
await load('few-arenas.mjs');
await load('require-node.mjs');
if (argv[2] === 'token') {
  argv.splice(2, 1);
  await load('token.mjs');
} else {
  await load('start.mjs');
}

/** Where programs of this platform keep what is a person's own (XDG Base Directory; Known Folders; Apple's File System Programming Guide). */
function dataFolder() {
  if (platform === 'win32') return join(env.LOCALAPPDATA || join(homedir(), 'AppData', 'Local'), 'sluice');
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'sluice');
  return join(env.XDG_DATA_HOME || join(homedir(), '.local', 'share'), 'sluice');
}
