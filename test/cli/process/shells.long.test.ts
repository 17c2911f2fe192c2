import { afterAll, afterEach, beforeAll, describe, it } from 'vitest';
import { createWorld } from '../../handlers/api-world.ts';
import { skipWithout } from '../../support/programs.ts';
import { removeFolders } from '../cli-world.ts';
import { type Served, serve } from './server.ts';
import { openScreen, type Screen } from './tmux.ts';

afterAll(removeFolders);

/** How each shell is started without anybody's settings, and takes the script. */
const SHELLS = {
  bash: { start: 'bash --noprofile --norc', load: 'source <(sluice complete bash)' },
  zsh: {
    start: 'zsh -f',
    load: "PROMPT='$ '; autoload -U compinit && compinit -u -D; source <(sluice complete zsh)",
  },
  fish: { start: 'fish --no-config', load: 'sluice complete fish | source' },
} as const;

let served: Served;
let id: string;
let screen: Screen | undefined;
beforeAll(async () => {
  const world = await createWorld();
  served = await serve(world);
  const dev = world.as('dev');
  await dev('PUT', '/api/v1/config/environments/staging/configs/a', { value: 1 });
  const body = { targetEnvironment: 'production', promotionType: 'FULL' };
  id = (await dev('POST', '/api/v1/config/promotions', body)).body.id;
});
afterAll(() => served?.die());
afterEach(async () => {
  await screen?.close();
});

describe.skipIf(skipWithout('tmux'))('completion', () => {
  for (const [shell, { start, load }] of Object.entries(SHELLS)) {
    describe.skipIf(skipWithout(shell))(`in ${shell}`, () => {
      const begin = async (): Promise<Screen> => {
        screen = await openScreen(start, { SLUICE_URL: served.url, SLUICE_TOKEN: 'dev' });
        await screen.type(`${load}; clear; echo loaded`, 'Enter');
        await screen.until(/^loaded$/m);
        return screen;
      };

      it('completes verbs', async () => {
        const one = await begin();
        await one.completed('sluice whoa', /sluice whoami/);
      });

      it('completes the name of an environment that the server knows', async () => {
        const one = await begin();
        await one.completed('sluice promote --to prod', /sluice promote --to production/);
      });

      it('completes the id of an open promotion', async () => {
        const one = await begin();
        await one.completed('sluice approve pr', new RegExp(`sluice approve ${id}`));
      });

      it('completes options', async () => {
        const one = await begin();
        await one.completed('sluice promote --superse', /sluice promote --supersede/);
      });
    });
  }
});
