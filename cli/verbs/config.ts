import { Command, Option } from 'commander';
import * as z from 'zod/mini';
import {
  deleteConfig,
  editBatch,
  getConfig,
  listConfigs,
  putConfig,
} from '../../functions/contract/config-entries.ts';
import { EntryView } from '../../functions/contract/config-entry-shapes.ts';
import { DigestText } from '../../functions/domain/fields.ts';
import { defined } from '../defined.ts';
import { misused } from '../failure.ts';
import { typedJson } from '../json.ts';
import { allPages } from '../promotions/pages.ts';
import type { Bind } from '../verb.ts';
import { edit } from './config-edit.ts';
import { exportTo, importFrom } from './config-files.ts';

const ENV = ['--env <environment>', 'the environment'] as const;
const REASON = ['--reason <text>', 'why, for the record; needed in a protected environment'] as const;
const At = { environment: z.string(), root: DigestText, revision: z.number() };
/** What an edit came to: the environment's new root and how many entries changed. */
export const EditedAnswer = z.object({ ...At, changed: z.number() });

/** `sluice config …`. */
export const config = (bind: Bind): Command => {
  const group = new Command('config').description('read and edit the configuration of an environment');
  for (const verb of [list, get, set, unset, importFrom, exportTo, edit]) group.addCommand(verb(bind));
  return group;
};

const list = (bind: Bind): Command =>
  bind(
    new Command('list')
      .description('list configs')
      .requiredOption(...ENV)
      .option('--prefix <prefix>', 'keys that begin so'),
    {
      given: z.object({ env: z.string(), prefix: z.optional(z.string()) }),
      answer: z.object({ ...At, items: z.array(EntryView) }),
      examples: ['sluice config list --env staging --prefix query.'],
      async run({ env, prefix }, session) {
        const client = await session.client();
        let at = { environment: env, root: EMPTY, revision: 0 };
        const { items } = await allPages(async (cursor) => {
          const {
            items: page,
            nextCursor,
            ...rest
          } = await client.call(listConfigs, Page, {
            params: { env },
            query: { limit: 100, prefix, cursor },
          });
          at = rest;
          return { items: page, next: nextCursor };
        });
        const rows = items.map((entry) => [entry.key, shownValue(entry)]);
        return { data: { ...at, items: [...items] }, table: { columns: ['Key', 'Value'], rows } };
      },
    },
  );

const EMPTY = `sha256:${'0'.repeat(64)}` as const;
const Page = z.object({ ...At, items: z.array(EntryView), nextCursor: z.nullable(z.string()) });
const One = z.object({ ...At, entry: EntryView });

const get = (bind: Bind): Command =>
  bind(
    new Command('get')
      .description('read a config: its value alone, as JSON; a text without quotes')
      .argument('<key>', 'its key')
      .requiredOption(...ENV),
    {
      given: z.object({ env: z.string(), key: z.string() }),
      answer: One,
      examples: ['sluice config get query.timeout --env production'],
      async run({ env, key }, session) {
        const data = await (await session.client()).call(getConfig, One, { params: { env, key } });
        return { data, text: shownValue(data.entry) };
      },
    },
  );

/** A value as people read it: a text as it is, anything else as JSON; of a secret its name. */
export function shownValue(entry: EntryView): string {
  if (entry.kind === 'flag') return `${entry.enabled ? 'on' : 'off'}, ${entry.defaultVariant}`;
  if (entry.secretRef !== undefined) return `secret ${entry.secretRef}`;
  return typeof entry.value === 'string' ? entry.value : JSON.stringify(entry.value);
}

const set = (bind: Bind): Command =>
  bind(
    new Command('set')
      .description('set a config')
      .argument('<key>', 'its key')
      .argument('[value]', 'JSON, or else a text; - reads standard input')
      .requiredOption(...ENV)
      .option('--text', 'take the value as a text, even where it is JSON')
      .addOption(new Option('--secret-ref <name>', 'the name of a secret in place of a value'))
      .option(...REASON),
    {
      given: z.object({
        env: z.string(),
        key: z.string(),
        value: z.optional(z.string()),
        text: z._default(z.boolean(), false),
        secretRef: z.optional(z.string()),
        reason: z.optional(z.string()),
      }),
      tryable: true,
      answer: z.object({ ...EditedAnswer.shape, entry: EntryView }),
      examples: [
        'sluice config set query.timeout 30 --env staging',
        'sluice config set greeting --text "42" --env staging',
      ],
      async run({ env, key, value, text, secretRef, reason }, session) {
        if ((value === undefined) === (secretRef === undefined))
          throw misused('give either a value or --secret-ref');
        const typed = value === '-' ? (await session.terminal.read()).replace(/\n$/, '') : value;
        const body = defined({
          value: typed === undefined || text ? typed : parsed(typed),
          secretRef,
          reason,
        });
        const client = await session.client();
        const data = await client.call(putConfig, Edited, { params: { env, key }, body });
        const what = data.changed === 0 ? 'was so already' : `is ${shownValue(data.entry)}`;
        return { data, text: `${key} in ${data.environment} ${what} (revision ${data.revision}).` };
      },
    },
  );

const Edited = z.object({ ...EditedAnswer.shape, entry: EntryView });

/** JSON where it is some, else the text itself. */
function parsed(text: string): ReturnType<typeof JSON.parse> {
  const read = typedJson(text);
  return read === undefined ? text : read;
}

const unset = (bind: Bind): Command =>
  bind(
    new Command('unset')
      .description('delete configs, in one revision')
      .argument('<keys...>', 'their keys')
      .requiredOption(...ENV)
      .option(...REASON),
    {
      given: z.object({ env: z.string(), keys: z.array(z.string()), reason: z.optional(z.string()) }),
      tryable: true,
      answer: EditedAnswer,
      examples: ['sluice config unset query.timeout query.limit --env staging'],
      async run({ env, keys, reason }, session) {
        const client = await session.client();
        const [only] = keys;
        const data =
          only !== undefined && keys.length === 1
            ? await client.call(deleteConfig, EditedAnswer, {
                params: { env, key: only },
                body: defined({ reason }),
              })
            : await client.call(editBatch, EditedAnswer, {
                params: { env },
                body: {
                  delete: keys.map((key) => ({ kind: 'config' as const, key })),
                  ...defined({ reason }),
                },
              });
        return { data, text: `${data.changed} deleted in ${data.environment} (revision ${data.revision}).` };
      },
    },
  );
