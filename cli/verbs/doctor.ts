import { stat } from 'node:fs/promises';
import { Command } from 'commander';
import * as z from 'zod/mini';
import { getMe, MeView } from '../../functions/contract/me.ts';
import { getHealth } from '../../functions/contract/meta.ts';
import { EXIT, type Exit } from '../exit.ts';
import { Failure } from '../failure.ts';
import { contextsFile } from '../login/contexts-file.ts';
import { pipeline } from '../promotions/environments.ts';
import type { Session } from '../session.ts';
import type { Bind } from '../verb.ts';

const Check = z.object({ check: z.string(), ok: z.boolean(), detail: z.string() });
type Check = z.infer<typeof Check>;
type Looked = Check & { readonly exit: Exit };

/** Seconds by which two clocks may differ: a signature of AWS is good for five minutes. */
const SKEW = 240;
/** Milliseconds for the answer that tells the server's time. */
const PATIENCE = 30_000;

/** `sluice doctor`: looks at everything that an invocation needs, and stops at nothing. */
export const doctor = (bind: Bind): Command =>
  bind(new Command('doctor').description('look for what keeps sluice from working'), {
    given: z.object({}),
    answer: z.object({ checks: z.array(Check) }),
    examples: ['sluice doctor'],
    async run(_, session) {
      const found: Looked[] = [];
      for (const [check, look] of LOOKS) {
        found.push(
          await look(session).then(
            (detail) => ({ check, ok: true, detail, exit: EXIT.ok }),
            (error: unknown) => ({
              check,
              ok: false,
              detail: error instanceof Error ? error.message : String(error),
              exit: error instanceof Failure ? error.exit : EXIT.other,
            }),
          ),
        );
      }
      const checks = found.map(({ check, ok, detail }) => ({ check, ok, detail }));
      const bad = found.find(({ ok }) => !ok);
      const table = {
        columns: ['Check', 'Result', 'Detail'],
        rows: checks.map(({ check, ok, detail }) => [
          check,
          ok ? ({ text: 'ok', tone: 'good' } as const) : ({ text: 'not ok', tone: 'bad' } as const),
          detail,
        ]),
      };
      if (bad === undefined) return { data: { checks }, table };
      const message = `${bad.check}: ${bad.detail}`;
      return {
        data: { checks },
        table,
        failed: new Failure('unhealthy', bad.exit, message, { beside: { checks } }),
      };
    },
  });

const LOOKS: readonly (readonly [string, (session: Session) => Promise<string>])[] = [
  ['node', async () => process.version],
  ['contexts', contextsAreOwn],
  ['server', async (session) => (await session.target()).url],
  ['answers', answers],
  ['clock', clockAgrees],
  [
    'login',
    async (session) => {
      const me = await (await session.client()).call(getMe, MeView);
      return `${me.email || me.subject} in tenant ${me.organization_id}`;
    },
  ],
  [
    'environments',
    async (session) => {
      const all = await pipeline(await session.client());
      return all.map(({ name }) => name).join(' → ');
    },
  ],
];

async function contextsAreOwn({ terminal }: Session): Promise<string> {
  const file = contextsFile(terminal);
  const found = await stat(file).catch(() => undefined);
  if (found === undefined) return `none yet (${file})`;
  if (process.platform !== 'win32' && (found.mode & 0o077) !== 0) {
    throw new Failure('contexts_open', EXIT.other, `others can read ${file}: run chmod 600 on it`);
  }
  return file;
}

async function answers(session: Session): Promise<string> {
  await (await session.client()).call(getHealth, z.object({ status: z.literal('ok') }));
  return 'healthy';
}

async function clockAgrees({ terminal, target }: Session): Promise<string> {
  const { url } = await target();
  const signal = AbortSignal.any([terminal.interrupted, AbortSignal.timeout(PATIENCE)]);
  const answer = await terminal.send(new URL(`${url}/healthz`), { signal }).catch(() => undefined);
  const date = Date.parse(answer?.headers.get('date') ?? '');
  if (Number.isNaN(date)) return 'the server does not say what time it has';
  const skew = Math.round(Math.abs(terminal.now() - date) / 1000);
  if (skew > SKEW) throw new Failure('clock', EXIT.other, `this clock is ${skew} s away from the server's`);
  return `within ${skew + 1} s of the server's`;
}
