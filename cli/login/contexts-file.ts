import { join } from 'node:path';
import type { Terminal } from '../terminal.ts';

/** Where contexts are kept: `SLUICE_CONFIG`, else `sluice/contexts.json` in the folder for settings (XDG). */
export function contextsFile({ env, home }: Pick<Terminal, 'env' | 'home'>): string {
  const folder = env['XDG_CONFIG_HOME'] || join(home, '.config');
  return env['SLUICE_CONFIG'] || join(folder, 'sluice', 'contexts.json');
}
