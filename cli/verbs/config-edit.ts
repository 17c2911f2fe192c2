import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { dump, load } from 'js-yaml';
import * as z from 'zod/mini';
import { editBatch, getSnapshot } from '../../functions/contract/config-entries.ts';
import { EntryView, NewEntry } from '../../functions/contract/config-entry-shapes.ts';
import { DigestText } from '../../functions/contract/fields.ts';
import { canonicalJson } from '../../functions/domain/jcs.ts';
import { defined } from '../defined.ts';
import { EXIT } from '../exit.ts';
import { Failure, misused } from '../failure.ts';
import type { Client } from '../http/client.ts';
import { allPages } from '../promotions/pages.ts';
import type { Session } from '../session.ts';
import type { Bind } from '../verb.ts';

const At = { environment: z.string(), root: DigestText, revision: z.number() };
const Page = z.object({ ...At, entries: z.array(EntryView), nextCursor: z.nullable(z.string()) });
const Edited = z.object({ ...At, changed: z.number() });

/** `sluice config edit`: the configs as YAML in an editor; what changed is written in one revision, if nobody wrote meanwhile. */
export const edit = (bind: Bind): Command =>
  bind(
    new Command('edit')
      .description('edit configs as YAML in $VISUAL or $EDITOR')
      .requiredOption('--env <environment>', 'the environment')
      .option('--prefix <prefix>', 'keys that begin so')
      .option('--reason <text>', 'why, for the record; needed in a protected environment'),
    {
      given: z.object({ env: z.string(), prefix: z.optional(z.string()), reason: z.optional(z.string()) }),
      answer: Edited,
      examples: ['EDITOR=vi sluice config edit --env staging --prefix query.'],
      async run({ env, prefix, reason }, session) {
        const client = await session.client();
        const { at, values } = await snapshot(client, env, prefix);
        const wanted = await editedBy(session, values);
        const put = Object.entries(wanted)
          .filter(
            ([key, value]) =>
              !Object.hasOwn(values, key) || canonicalJson(values[key]) !== canonicalJson(value),
          )
          .map(([key, value]) => z.parse(NewEntry, { kind: 'config', key, value }));
        const gone = Object.keys(values).filter((key) => !Object.hasOwn(wanted, key));
        if (put.length + gone.length === 0) {
          return { data: { ...at, changed: 0 }, text: 'Nothing was changed.' };
        }
        const data = await client.call(editBatch, Edited, {
          params: { env },
          headers: { 'if-match': `"${at.root}"` },
          body: {
            put,
            delete: gone.map((key) => ({ kind: 'config' as const, key })),
            ...defined({ reason }),
          },
        });
        return { data, text: `${data.changed} changed in ${data.environment} (revision ${data.revision}).` };
      },
    },
  );

type Values = { readonly [key: string]: unknown };

async function snapshot(client: Client, env: string, prefix: string | undefined) {
  let at: z.infer<z.ZodMiniObject<typeof At>> | undefined;
  const { items } = await allPages(async (cursor) => {
    const { entries, nextCursor, ...rest } = await client.call(getSnapshot, Page, {
      params: { env },
      query: { limit: 1000, prefix, cursor },
    });
    at = rest;
    return { items: entries, next: nextCursor };
  });
  if (at === undefined) throw new Failure('unexpected_answer', EXIT.other, `${env} has no snapshot`);
  const plain = items.flatMap((entry) =>
    entry.kind === 'config' && entry.secretRef === undefined ? [[entry.key, entry.value] as const] : [],
  );
  const values: Values = Object.fromEntries(plain);
  return { at, values };
}

async function editedBy({ terminal }: Session, values: Values): Promise<Values> {
  const editor = terminal.env['VISUAL'] ?? terminal.env['EDITOR'];
  if (editor === undefined) throw misused('no editor is known', 'Set EDITOR, such as EDITOR=vi.');
  const folder = await mkdtemp(join(tmpdir(), 'sluice-edit-'));
  try {
    const file = join(folder, 'config.yaml');
    await writeFile(file, dump(values, { noRefs: true, lineWidth: -1 }), { mode: 0o600 });
    await edited(editor, file);
    const read = z.safeParse(z.record(z.string(), z.unknown()), load(await readFile(file, 'utf8')) ?? {});
    if (!read.success) throw misused('the file is no mapping of keys to values; nothing was written');
    return read.data;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The editor may be a command with options, as `code --wait` is. */
function edited(editor: string, file: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('/bin/sh', ['-c', `${editor} "$1"`, 'sh', file], { stdio: 'inherit' });
    child.on('error', reject);
    child.on('exit', (code) => {
      if (code === 0) resolve();
      else
        reject(
          new Failure('editor_failed', EXIT.other, `the editor ended with ${code}; nothing was written`),
        );
    });
  });
}
