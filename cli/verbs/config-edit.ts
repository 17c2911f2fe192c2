import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { Command } from 'commander';
import { dump, load } from 'js-yaml';
import * as z from 'zod/mini';
import { editBatch, getSnapshot } from '../../functions/contract/config-entries.ts';
import { EntryView, NewEntry } from '../../functions/contract/config-entry-shapes.ts';
import { DigestText } from '../../functions/domain/fields.ts';
import type { Json } from '../../functions/domain/jcs.ts';
import { defined } from '../defined.ts';
import { EXIT } from '../exit.ts';
import { Failure, misused } from '../failure.ts';
import type { Client } from '../http/client.ts';
import { allPages } from '../promotions/pages.ts';
import { mergeThree } from '../promotions/three-way.ts';
import type { Session } from '../session.ts';
import type { Bind } from '../verb.ts';

const At = { environment: z.string(), root: DigestText, revision: z.number() };
const Page = z.object({ ...At, entries: z.array(EntryView), nextCursor: z.nullable(z.string()) });
const Edited = z.object({ ...At, changed: z.number() });

/** `sluice config edit`: the configs as YAML in an editor; what changed is written in one revision, merged with what others wrote meanwhile. */
export const edit = (bind: Bind): Command =>
  bind(
    new Command('edit')
      .description('edit configs as YAML in $VISUAL or $EDITOR')
      .requiredOption('--env <environment>', 'the environment')
      .option('--prefix <prefix>', 'keys that begin so')
      .option('--reason <text>', 'why, for the record; needed in a protected environment'),
    {
      given: z.object({ env: z.string(), prefix: z.optional(z.string()), reason: z.optional(z.string()) }),
      tryable: true,
      answer: Edited,
      examples: ['EDITOR=vi sluice config edit --env staging --prefix query.'],
      async run({ env, prefix, reason }, session) {
        const client = await session.client();
        const base = await snapshot(client, env, prefix);
        const wanted = await editedBy(session, base.values);
        for (let now = base, tries = 1; ; tries += 1) {
          const merged = mergedWith(now.values, base.values, wanted);
          if ('conflicts' in merged) throw await conflicting(session, env, wanted, merged.conflicts);
          const { put, gone } = merged;
          if (put.length + gone.length === 0) {
            return { data: { ...now.at, changed: 0 }, text: 'Nothing was changed.' };
          }
          const given = {
            params: { env },
            headers: { 'if-match': `"${now.at.root}"` },
            body: { put, delete: gone, ...defined({ reason }) },
          };
          const data = await client.call(editBatch, Edited, given).catch((error: unknown) => {
            if (error instanceof Failure && error.code === 'precondition_failed' && tries < TRIES) return;
            throw error;
          });
          if (data !== undefined) {
            const text = `${data.changed} changed in ${data.environment} (revision ${data.revision}).`;
            return { data, text };
          }
          session.progress.say(`${env} was changed meanwhile: merging`);
          now = await snapshot(client, env, prefix);
        }
      },
    },
  );

/** Times that an edit is made again on what others wrote meanwhile. */
const TRIES = 5;

type Values = { readonly [key: string]: Json };

/** What is to be written so that both the edit and what others wrote meanwhile hold. */
function mergedWith(now: Values, base: Values, wanted: Values) {
  const put: NewEntry[] = [];
  const gone: { readonly kind: 'config'; readonly key: string }[] = [];
  const conflicts: string[] = [];
  for (const key of new Set([...Object.keys(base), ...Object.keys(wanted)])) {
    const sides = [base, wanted, now].map((side) => (Object.hasOwn(side, key) ? side[key] : undefined));
    const [before, mine, theirs] = sides;
    const merged = mergeThree(before, mine, theirs, key);
    if ('conflicts' in merged) conflicts.push(...merged.conflicts);
    else if (merged.value === undefined && theirs !== undefined) gone.push({ kind: 'config', key });
    else if (merged.value !== undefined && !isDeepStrictEqual(merged.value, theirs))
      put.push(z.parse(NewEntry, { kind: 'config', key, value: merged.value }));
  }
  return conflicts.length > 0 ? { conflicts } : { put, gone };
}

/** The failure for what both changed, once the edit is kept: a person's work is never lost. */
async function conflicting({ terminal }: Session, env: string, wanted: Values, conflicts: readonly string[]) {
  const file = join(terminal.cwd, `sluice-edit-${env.replaceAll(/[^\w.-]/g, '_')}.yaml`);
  await writeFile(file, textOf(wanted), { mode: 0o600 });
  const message = `changed on both sides meanwhile: ${conflicts.join(', ')}; nothing was written`;
  return new Failure('conflict', EXIT.other, message, {
    hint: `Your edit is kept in ${file}. Run \`sluice config edit\` again to see what is there now.`,
    error: { conflicts, file },
  });
}

const textOf = (values: Values): string => dump(values, { noRefs: true, lineWidth: -1 });

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
  if (at === undefined) throw new Failure('unexpected_answer', EXIT.unavailable, `${env} has no snapshot`);
  const plain = items.flatMap((entry) =>
    entry.kind === 'config' && entry.secretRef === undefined ? [[entry.key, entry.value] as const] : [],
  );
  const values: Values = z.parse(z.record(z.string(), z.json()), Object.fromEntries(plain));
  return { at, values };
}

async function editedBy({ terminal }: Session, values: Values): Promise<Values> {
  const editor = terminal.env['VISUAL'] ?? terminal.env['EDITOR'];
  if (editor === undefined) throw misused('no editor is known', 'Set EDITOR, such as EDITOR=vi.');
  const folder = await mkdtemp(join(tmpdir(), 'sluice-edit-'));
  try {
    const file = join(folder, 'config.yaml');
    await writeFile(file, textOf(values), { mode: 0o600 });
    await edited(editor, file);
    const read = z.safeParse(z.record(z.string(), z.json()), load(await readFile(file, 'utf8')) ?? {});
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
