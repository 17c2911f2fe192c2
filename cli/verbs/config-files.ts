import { Command, Option } from 'commander';
import * as z from 'zod/mini';
import { NewEntry } from '../../functions/contract/config-entry-shapes.ts';
import {
  commitImport,
  exportConfig,
  importConfig,
  stageImport,
} from '../../functions/contract/config-files.ts';
import { DigestText } from '../../functions/domain/fields.ts';
import { defined } from '../defined.ts';
import { misused } from '../failure.ts';
import type { Client } from '../http/client.ts';
import { textOfFile } from '../input-file.ts';
import { typedJson } from '../json.ts';
import { writeOut } from '../output-file.ts';
import type { Session } from '../session.ts';
import type { Bind } from '../verb.ts';

const FORMATS = ['json', 'env', 'yaml'] as const;
type FileFormat = (typeof FORMATS)[number];
const EditedAnswer = z.object({
  environment: z.string(),
  root: DigestText,
  revision: z.number(),
  changed: z.number(),
});
type Edited = z.infer<typeof EditedAnswer>;

/** Entries in one part of an import: of a thousand long values each part stays below the 5 MB that a request may have. */
const PART = 1_000;
const PART_BYTES = 3_000_000;

/** `sluice config import FILE`. */
export const importFrom = (bind: Bind): Command =>
  bind(
    new Command('import')
      .description('set many configs and flags in one revision, from JSON, .env or YAML')
      .argument('<file>', 'a file; - reads standard input')
      .requiredOption('--env <environment>', 'the environment')
      .addOption(
        new Option('--format <format>', 'default: what the name of the file ends with, else json').choices(
          FORMATS,
        ),
      )
      .option('--prefix <prefix>', 'put before every key of a .env or YAML file')
      .option('--reason <text>', 'why, for the record; needed in a protected environment'),
    {
      given: z.object({
        file: z.string(),
        env: z.string(),
        format: z.optional(z.enum(FORMATS)),
        prefix: z.optional(z.string()),
        reason: z.optional(z.string()),
      }),
      tryable: true,
      answer: EditedAnswer,
      examples: ['sluice config import settings.yaml --env staging --prefix app.'],
      async run({ file, env, format, prefix, reason }, session) {
        const text = await textOfFile(session.terminal, file);
        const client = await session.client();
        const why = defined({ reason });
        const kind = format ?? formatOf(file);
        const data =
          kind === 'json'
            ? await importEntries(session, client, env, entriesIn(text), why)
            : await client.call(importConfig, EditedAnswer, {
                params: { env },
                body: { format: kind, text, ...defined({ prefix }), ...why },
              });
        return { data, text: `${data.changed} changed in ${data.environment} (revision ${data.revision}).` };
      },
    },
  );

function formatOf(file: string): FileFormat {
  if (/\.ya?ml$/.test(file)) return 'yaml';
  return /(^|[./])env$/.test(file) ? 'env' : 'json';
}

const Entries = z.union([z.array(NewEntry), z.object({ entries: z.array(NewEntry) })]);

/** The entries of a JSON file: a list of them, or what `config export` wrote. */
function entriesIn(text: string): readonly NewEntry[] {
  const json = typedJson(text);
  if (json === undefined)
    throw misused(
      'the file is no JSON',
      'Name another --format, or write what `sluice config export` writes.',
    );
  const read = z.safeParse(Entries, json);
  if (!read.success) throw misused('the file holds no entries', 'Write what `sluice config export` writes.');
  return Array.isArray(read.data) ? read.data : read.data.entries;
}

/** In one request where it fits, else staged in parts and committed at once. */
async function importEntries(
  { progress, dryRun }: Session,
  client: Client,
  env: string,
  entries: readonly NewEntry[],
  why: { readonly reason?: string },
): Promise<Edited> {
  const parts = partsOf(entries);
  const [only = []] = parts;
  const params = { env };
  if (parts.length <= 1) {
    return client.call(importConfig, EditedAnswer, { params, body: { entries: [...only], ...why } });
  }
  if (dryRun) return triedParts(client, env, parts, why);
  let stage: string | undefined;
  let done = 0;
  for (const part of parts) {
    progress.bar(`importing into ${env}`, done, entries.length);
    const body = { entries: [...part], ...defined({ stage }) };
    stage = (await client.call(stageImport, z.object({ stage: z.string() }), { params, body })).stage;
    done += part.length;
  }
  progress.bar(`importing into ${env}`, done, entries.length);
  return client.call(commitImport, EditedAnswer, { params, body: { stage: stage ?? '', ...why } });
}

/** A staged import is written, if only for itself: in a dry run each part is tried as an import of its own. */
async function triedParts(
  client: Client,
  env: string,
  parts: readonly (readonly NewEntry[])[],
  why: { readonly reason?: string },
): Promise<Edited> {
  const names = new Set<string>();
  for (const { kind, key } of parts.flat()) {
    if (names.has(`${kind} ${key}`)) throw misused(`${key} is given more than once`);
    names.add(`${kind} ${key}`);
  }
  const tried: Edited[] = [];
  for (const part of parts) {
    const given = { params: { env }, body: { entries: [...part], ...why } };
    tried.push(await client.call(importConfig, EditedAnswer, given));
  }
  const [first] = tried;
  if (first === undefined) throw misused('the file holds no entries');
  return { ...first, changed: tried.reduce((sum, { changed }) => sum + changed, 0) };
}

function partsOf(entries: readonly NewEntry[]): readonly (readonly NewEntry[])[] {
  const parts: NewEntry[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const entry of entries) {
    const size = Buffer.byteLength(JSON.stringify(entry));
    const part = parts.at(-1);
    if (part === undefined || part.length === PART || bytes + size > PART_BYTES) {
      parts.push([entry]);
      bytes = size;
    } else {
      part.push(entry);
      bytes += size;
    }
  }
  return parts;
}

const Page = z.object({
  environment: z.string(),
  root: DigestText,
  revision: z.number(),
  entries: z.optional(z.array(NewEntry)),
  text: z.optional(z.string()),
  nextCursor: z.nullable(z.string()),
});

/** `sluice config export`. */
export const exportTo = (bind: Bind): Command =>
  bind(
    new Command('export')
      .description('write everything an environment holds, as it was at one moment')
      .requiredOption('--env <environment>', 'the environment')
      .addOption(
        new Option(
          '--format <format>',
          'default: what the name of the file ends with, else json, which alone holds flags',
        ).choices(FORMATS),
      )
      .option('--file <file>', 'where to (default: standard output)'),
    {
      given: z.object({
        env: z.string(),
        format: z.optional(z.enum(FORMATS)),
        file: z.optional(z.string()),
      }),
      answer: z.object({
        environment: z.string(),
        root: DigestText,
        revision: z.number(),
        entries: z.number(),
        file: z.nullable(z.string()),
        text: z.nullable(z.string()),
      }),
      examples: ['sluice config export --env production --file production.json'],
      async run({ env, format, file }, session) {
        const { text, entries, ...at } = await exported(session, env, format ?? formatOf(file ?? ''));
        const data = { ...at, entries, file: file ?? null, text: file === undefined ? text : null };
        if (file === undefined) return { data, raw: text };
        await writeOut(session.terminal, file, (write) => write(text));
        return {
          data,
          text: `${entries} entries of ${at.environment} (revision ${at.revision}) are in ${file}.`,
        };
      },
    },
  );

async function exported({ client: connected, progress }: Session, env: string, format: FileFormat) {
  const client = await connected();
  const entries: NewEntry[] = [];
  const texts: string[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await client.call(exportConfig, Page, {
      params: { env },
      query: { format, limit: 1000, cursor },
    });
    entries.push(...(page.entries ?? []));
    if (page.text !== undefined) texts.push(page.text);
    const { environment, root, revision, nextCursor } = page;
    if (nextCursor === null) {
      const json = `${JSON.stringify({ entries }, null, 2)}\n`;
      const count =
        format === 'json'
          ? entries.length
          : texts
              .join('')
              .split('\n')
              .filter((line) => /^[^\s#-]/.test(line)).length;
      return { environment, root, revision, entries: count, text: format === 'json' ? json : texts.join('') };
    }
    progress.say(`exporting ${environment}`, `${entries.length} entries`);
    cursor = nextCursor;
  }
}
