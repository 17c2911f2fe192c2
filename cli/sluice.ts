import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import manifest from '../package.json' with { type: 'json' };
import { contextsFile } from './login/contexts-file.ts';

const { argv, env, stdout } = process;
const { version } = manifest;
const knowsServer = () => env['SLUICE_URL'] || existsSync(contextsFile({ env, home: homedir() }));

/**
 * The process. Only what says the own version is compiled at once: in the bundle everything else is text until it is needed (`bundle.mjs`),
 * as it is for the version of a server.
 */
if ((argv[2] === '--version' || argv[2] === '-v') && !knowsServer()) stdout.write(`${version}\n`);
else await (await import('./main.ts')).main(version);
