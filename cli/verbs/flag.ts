import { Command } from 'commander';
import * as z from 'zod/mini';
import { deleteFlag, getFlag, listFlags, putFlag } from '../../functions/contract/config-entries.ts';
import { EntryView, FlagFields } from '../../functions/contract/config-entry-shapes.ts';
import { DigestText } from '../../functions/domain/fields.ts';
import { defined } from '../defined.ts';
import { EXIT } from '../exit.ts';
import { Failure } from '../failure.ts';
import type { Client } from '../http/client.ts';
import { allPages } from '../promotions/pages.ts';
import type { Session } from '../session.ts';
import type { Bind } from '../verb.ts';
import { evaluate, flagIn } from './flag-evaluate.ts';

const ENV = ['--env <environment>', 'the environment'] as const;
const KEY = ['<key>', 'its key'] as const;
const REASON = ['--reason <text>', 'why, for the record; needed in a protected environment'] as const;
const At = { environment: z.string(), root: DigestText, revision: z.number() };
const One = z.object({ ...At, entry: EntryView });
const Edited = z.object({ ...At, changed: z.number(), entry: EntryView });

/** `sluice flag …`. */
export const flag = (bind: Bind): Command => {
  const group = new Command('flag').description('read and switch feature flags');
  for (const verb of [list, get, on, off, set, unset, evaluate]) group.addCommand(verb(bind));
  return group;
};

const table = (entries: readonly EntryView[]) => ({
  columns: ['Key', 'State', 'Default', 'Variants', 'Targeting'],
  rows: entries.flatMap((entry) =>
    entry.kind === 'flag'
      ? [
          [
            entry.key,
            entry.enabled
              ? ({ text: 'on', tone: 'good' } as const)
              : ({ text: 'off', tone: 'faint' } as const),
            entry.defaultVariant,
            JSON.stringify(entry.variants),
            entry.targeting === null || entry.targeting === undefined ? '–' : 'yes',
          ],
        ]
      : [],
  ),
});

const list = (bind: Bind): Command =>
  bind(
    new Command('list')
      .description('list flags')
      .requiredOption(...ENV)
      .option('--prefix <prefix>', 'keys that begin so'),
    {
      given: z.object({ env: z.string(), prefix: z.optional(z.string()) }),
      answer: z.object({ items: z.array(EntryView) }),
      examples: ['sluice flag list --env staging'],
      async run({ env, prefix }, session) {
        const client = await session.client();
        const { items } = await allPages(async (cursor) => {
          const page = await client.call(listFlags, Page, {
            params: { env },
            query: { limit: 100, prefix, cursor },
          });
          return { items: page.items, next: page.nextCursor };
        });
        return { data: { items: [...items] }, table: table(items) };
      },
    },
  );
const Page = z.object({ items: z.array(EntryView), nextCursor: z.nullable(z.string()) });

const get = (bind: Bind): Command =>
  bind(
    new Command('get')
      .description('read a flag')
      .argument(...KEY)
      .requiredOption(...ENV),
    {
      given: z.object({ env: z.string(), key: z.string() }),
      answer: One,
      examples: ['sluice flag get checkout.new --env staging --output yaml'],
      async run({ env, key }, session) {
        const data = await (await session.client()).call(getFlag, One, { params: { env, key } });
        return { data, table: table([data.entry]) };
      },
    },
  );

const switching =
  (word: 'on' | 'off') =>
  (bind: Bind): Command =>
    bind(
      new Command(word)
        .description(`switch a flag ${word}`)
        .argument(...KEY)
        .requiredOption(...ENV)
        .option(...REASON),
      {
        given: z.object({ env: z.string(), key: z.string(), reason: z.optional(z.string()) }),
        tryable: true,
        answer: Edited,
        examples: [`sluice flag ${word} checkout.new --env staging`],
        run: ({ env, key, reason }, session) =>
          switched(session, { env, key, reason, enabled: word === 'on' }),
      },
    );
const on = switching('on');
const off = switching('off');

type Switched = {
  readonly env: string;
  readonly key: string;
  readonly reason?: string | undefined;
  readonly enabled: boolean;
};

/** Writes the flag as it was but for its switch, unless another writer came between. */
async function switched(session: Session, { env, key, reason, enabled }: Switched) {
  const client = await session.client();
  const { entry, root } = await readFlag(client, env, key);
  const { variants, defaultVariant, targeting } = entry;
  const asRead: unknown = JSON.parse(JSON.stringify({ enabled, variants, defaultVariant, targeting }));
  const body = { ...z.parse(FlagFields, asRead), ...defined({ reason }) };
  const headers = { 'if-match': `"${root}"` };
  const data = await client.call(putFlag, Edited, { params: { env, key }, headers, body });
  return { data, table: table([data.entry]) };
}

async function readFlag(client: Client, env: string, key: string) {
  const { entry, root } = await client.call(getFlag, One, { params: { env, key } });
  if (entry.kind !== 'flag') throw new Failure('unexpected_answer', EXIT.unavailable, `${key} is no flag`);
  return { entry, root };
}

const set = (bind: Bind): Command =>
  bind(
    new Command('set')
      .description('set a flag: variants, the default one, and who gets which')
      .argument(...KEY)
      .requiredOption(...ENV)
      .requiredOption(
        '-f, --file <file>',
        'enabled, variants, defaultVariant and targeting as JSON or YAML; - reads standard input',
      )
      .option(...REASON),
    {
      given: z.object({ env: z.string(), key: z.string(), file: z.string(), reason: z.optional(z.string()) }),
      tryable: true,
      answer: Edited,
      examples: [
        `echo '{"variants":{"on":true,"off":false},"defaultVariant":"off"}' | sluice flag set checkout.new --env staging -f -`,
      ],
      async run({ env, key, file, reason }, session) {
        const body = { ...(await flagIn(session.terminal, file)), ...defined({ reason }) };
        const data = await (await session.client()).call(putFlag, Edited, { params: { env, key }, body });
        return { data, table: table([data.entry]) };
      },
    },
  );

const unset = (bind: Bind): Command =>
  bind(
    new Command('unset')
      .description('delete a flag')
      .argument(...KEY)
      .requiredOption(...ENV)
      .option(...REASON),
    {
      given: z.object({ env: z.string(), key: z.string(), reason: z.optional(z.string()) }),
      tryable: true,
      answer: z.object({ ...At, changed: z.number() }),
      examples: ['sluice flag unset checkout.new --env staging'],
      async run({ env, key, reason }, session) {
        const given = { params: { env, key }, body: defined({ reason }) };
        const data = await (await session.client()).call(
          deleteFlag,
          z.object({ ...At, changed: z.number() }),
          given,
        );
        return { data, text: `${data.changed} deleted in ${data.environment} (revision ${data.revision}).` };
      },
    },
  );
