import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createWorld, type World } from '../../handlers/api-world.ts';
import { skipWithout } from '../../support/programs.ts';
import { removeFolders } from '../cli-world.ts';
import { type Served, serve } from './server.ts';
import { openScreen, type Screen } from './tmux.ts';

afterAll(removeFolders);

let world: World;
let served: Served;
let screen: Screen;
beforeEach(async () => {
  world = await createWorld();
  // Waiting reads are answered after a tenth of a second each, so that the processes of the test get their turn.
  world.deps.sleep = () => new Promise((resolve) => setTimeout(resolve, 100));
  served = await serve(world);
  await world.as('dev')('PUT', '/api/v1/config/environments/staging/configs/a', { value: 1 });
});
afterEach(async () => {
  await screen?.close();
  await served.die();
});

const shell = (env: Record<string, string> = {}) =>
  openScreen('bash --noprofile --norc', { SLUICE_URL: served.url, SLUICE_TOKEN: 'dev', ...env });
const statusOf = async () => {
  const { items } = (await world.as('dev')('GET', '/api/v1/promotions')).body;
  return items.map(({ status }: { status: string }) => status);
};
/** A color of the foreground, after an escape character. */
const COLORED = /\p{Cc}\[[0-9;]*3[0-9]m/u;

describe.skipIf(skipWithout('tmux'))('in a terminal', () => {
  it('shows colors, and none with NO_COLOR', async () => {
    screen = await shell();
    await screen.type('sluice diff staging production', 'Enter');
    expect(await screen.until(/\+ added/, true)).toMatch(COLORED);
    await screen.type('clear; NO_COLOR=1 sluice diff staging production; echo done', 'Enter');
    expect(await screen.until(/^done/m, true)).not.toMatch(COLORED);
  });

  it('rewrites one line while it waits, and leaves the promotion alone on Ctrl-C', async () => {
    screen = await shell();
    await screen.type('sluice promote --all --to production --wait; echo exit=$?', 'Enter');
    const waiting = await screen.until(/waits for approval \(0 of 1\) for \d+ s/);
    expect(waiting.match(/waits for approval/g)).toHaveLength(1);
    await screen.type('C-c');
    const stopped = await screen.until(/exit=\d+/);
    expect(stopped).toMatch(/stopped waiting for prom-\d+/);
    expect(stopped).toMatch(/Follow it with `sluice watch prom-\d+`/);
    expect(stopped).toMatch(/exit=130/);
    expect(await statusOf()).toEqual(['pending']);
  });

  it('goes on when a server that died comes back', async () => {
    screen = await shell();
    await screen.type('sluice promote --all --to production --wait; echo exit=$?', 'Enter');
    await screen.until(/waits for approval/);
    const port = Number(new URL(served.url).port);
    await served.die();
    await screen.until(/does not answer.*trying again/);
    const [open] = (await world.as('alice')('GET', '/api/v1/promotions?waiting_for=me')).body.items;
    await world.as('alice')('POST', `/api/v1/promotions/${open.id}/approve`);
    served = await serve(world, port);
    const done = await screen.until(/exit=\d+/);
    expect(done).toMatch(/completed/);
    expect(done).toMatch(/exit=0/);
  });
});
