import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { run } from '../../cli/run.ts';
import type { Terminal } from '../../cli/terminal.ts';
import { nextStep } from '../../functions/domain/promotion/next.ts';
import { ACME, createWorld, type Name, type World } from '../handlers/api-world.ts';

/** Where the handlers of the tests seem to be. */
export const SERVER = 'https://sluice.test';

export type Said = { readonly exit: number; readonly out: string; readonly err: string };

const folders: string[] = [];

/** Removes every folder of the tests so far: for `afterAll` of each file, as files share this module. */
export async function removeFolders(): Promise<void> {
  await Promise.all(
    folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true, maxRetries: 20 })),
  );
}

/** A folder that `removeFolders` removes. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-cli-'));
  folders.push(folder);
  return folder;
}

/** Every operation of the API behind `fetch`; a bearer token is the name of a person. */
export function fetchOf(world: World): typeof fetch {
  return async (input, init = {}) => {
    const request = new Request(input, init);
    const { pathname, search } = new URL(request.url);
    const name = /^Bearer (.+)$/.exec(request.headers.get('authorization') ?? '')?.[1];
    const text = await request.text();
    if (request.method === 'GET') await drive(world);
    const { status, headers, body } = await world.send({
      method: request.method,
      path: `${pathname}${search}`,
      headers: Object.fromEntries(request.headers),
      ...(name === undefined ? {} : { signer: { sub: name } }),
      ...(text === '' ? {} : { body: text }),
    });
    const answer = typeof body === 'string' ? body : JSON.stringify(body);
    const plain = Object.entries(headers).map(([key, value]): [string, string] => [key, String(value)]);
    return new Response(status === 204 || body === null ? null : answer, { status, headers: plain });
  };
}

/** Executes what was asked to be, as the workflow does. */
export async function drive({ deps, run: step }: World): Promise<void> {
  const { items } = await deps.promotions.list(ACME, { statuses: ['approved', 'executing'] }, { limit: 100 });
  for (const state of items) if (nextStep(state, false) === 'execute') await step(state.id);
}

/** A person's terminal in front of the world: what is typed is run in this process. */
export async function createCli(given?: World) {
  const world = given ?? (await createWorld());
  const home = await temporaryFolder();
  const cli = {
    world,
    home,
    fetch: fetchOf(world),
    /** What standard input holds. */
    input: '',
    env: {} as Record<string, string>,
    /** Called in each pause; tests let things happen in it. */
    during: async (): Promise<void> => {},
    colors: false,
    screen: false,
    interactive: false,
    /** What a person answers to a question, having read what was said. */
    answer: (_said: string): string => '',
    stop: new AbortController(),
    /** Milliseconds since 1970; pauses move it. */
    clock: Date.parse('2026-11-21T09:00:00.000Z'),
    async run(env: Record<string, string>, ...argv: string[]): Promise<Said> {
      const said = { out: '', err: '' };
      const terminal: Terminal = {
        env: { ...cli.env, ...env },
        cwd: home,
        home,
        interactive: cli.interactive,
        screen: cli.screen,
        colors: { out: cli.colors, err: cli.colors },
        out(text) {
          said.out += text;
        },
        err(text) {
          said.err += text;
        },
        read: async () => cli.input,
        ask: async () => cli.answer(said.err),
        send: (url, asked) => cli.fetch(url, { ...asked }),
        fetch: (input, init) => cli.fetch(input, init),
        now: () => cli.clock,
        async sleep(ms) {
          cli.clock += ms;
          await cli.during();
        },
        interrupted: cli.stop.signal,
      };
      const exit = await run(terminal, argv, '0.0.0');
      return { exit, ...said };
    },
    /** What a person types, with a token of theirs. */
    as:
      (name: Name) =>
      (...argv: string[]): Promise<Said> =>
        cli.run({ SLUICE_URL: SERVER, SLUICE_TOKEN: name }, ...argv),
  };
  return cli;
}

export type Cli = Awaited<ReturnType<typeof createCli>>;

/** The JSON on stdout of a run that was to succeed. */
export function jsonOf(said: Said): ReturnType<typeof JSON.parse> {
  expect(said.exit, said.err + said.out).toBe(0);
  return JSON.parse(said.out);
}
