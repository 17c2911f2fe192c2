import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { Command } from 'commander';
import * as z from 'zod/mini';
import { AuditRecordView, exportAudit, getCheckpoint, searchAudit } from '../../functions/contract/audit.ts';
import { listOf } from '../../functions/contract/fields.ts';
import { verifyRecord } from '../../functions/domain/artifact/verify-record.ts';
import { verifyExport } from '../../functions/domain/audit/verify.ts';
import { canonicalJson } from '../../functions/domain/jcs.ts';
import { EXIT } from '../exit.ts';
import { Failure } from '../failure.ts';
import { writeOut } from '../output-file.ts';
import { allPages } from '../promotions/pages.ts';
import type { Session } from '../session.ts';
import type { Bind } from '../verb.ts';
import { changes } from './audit-changes.ts';
import { unreadable, verifyProofOf, verifyTwo } from './audit-log.ts';

/** `sluice audit …`. */
export const audit = (bind: Bind): Command => {
  const group = new Command('audit').description('search, export and verify the record');
  for (const verb of [search, changes, exportTo, verify, verifyOne, verifyProofOf, verifyTwo])
    group.addCommand(verb(bind));
  return group;
};

const search = (bind: Bind): Command =>
  bind(
    new Command('search')
      .description('audit records of promotions, newest first')
      .option('--kind <kind>', 'agent, artifact or config')
      .option('--subject <name>', 'the name of what is promoted')
      .option('--env <environment>', 'source or target')
      .option('--person <person>', 'who took part: subject id or e-mail')
      .option('--since <instant>', 'requested at or after')
      .option('--before <instant>', 'requested before')
      .option('--limit <number>', 'how many at most', '50'),
    {
      given: z.object({
        kind: z.optional(z.string()),
        subject: z.optional(z.string()),
        env: z.optional(z.string()),
        person: z.optional(z.string()),
        since: z.optional(z.string()),
        before: z.optional(z.string()),
        limit: z.coerce.number('must be a number').check(z.int(), z.minimum(1), z.maximum(100_000)),
      }),
      answer: z.object({ items: z.array(AuditRecordView), more: z.boolean() }),
      examples: ['sluice audit search --env production --since 2026-11-01T00:00:00Z --output csv'],
      async run({ kind, subject, env, person, since, before, limit }, session) {
        const client = await session.client();
        const { items, more } = await allPages(async (cursor) => {
          const page = await client.call(searchAudit, listOf(AuditRecordView), {
            query: {
              kind,
              subject,
              environment: env,
              person,
              from: since,
              before,
              limit: Math.min(limit, 100),
              cursor,
            },
          });
          return { items: page.items, next: page.next_cursor };
        }, limit);
        const rows = items.map((one) => [
          one.promotion_id,
          `${one.artifact.kind} ${one.artifact.name}`,
          `${one.source_env} → ${one.target_env}`,
          one.result,
          one.promoted_by,
          one.approval.approvers.join(' '),
          one.timestamp,
        ]);
        const columns = ['Promotion', 'Subject', 'Hop', 'Result', 'Promoted by', 'Approvers', 'At'];
        return {
          data: { items: [...items], more },
          table: { columns, rows },
          hint: 'These are promotions. `sluice audit changes` lists changes of rules, policies and members.',
        };
      },
    },
  );

const Checkpoint = z.object({
  checkpoint: z.record(z.string(), z.unknown()),
  signature: z.record(z.string(), z.unknown()),
  public_key: z.string(),
  next_cursor: z.nullable(z.string()),
});
const Items = z.object({
  items: z.array(z.record(z.string(), z.unknown())),
  next_cursor: z.nullable(z.string()),
});

const exportTo = (bind: Bind): Command =>
  bind(
    new Command('export')
      .description('write the whole record: checkpoints first, then every chain, one item a line')
      .requiredOption('--file <file>', 'where to')
      .option('--key-file <file>', 'where to write the public key (default: the file and .pub)'),
    {
      given: z.object({ file: z.string(), keyFile: z.optional(z.string()) }),
      answer: z.object({ file: z.string(), key_file: z.string(), lines: z.number() }),
      examples: ['sluice audit export --file audit.jsonl'],
      async run({ file, keyFile = `${file}.pub` }, session) {
        const { terminal } = session;
        const { lines, key } = await writeOut(terminal, file, (write) => written(session, write));
        await writeOut(terminal, keyFile, (write) => write(key));
        return {
          data: { file, key_file: keyFile, lines },
          text: `${lines} lines are in ${file}, the public key in ${keyFile}.`,
          hint: `Verify with \`sluice audit verify ${file} --key ${keyFile}\`: it needs no server.`,
        };
      },
    },
  );

/** Checkpoints are made before the export that they judge. */
async function written(
  { client: connected, progress }: Session,
  write: (text: string) => Promise<void>,
): Promise<{ readonly lines: number; readonly key: string }> {
  const client = await connected();
  let lines = 0;
  const put = async (...items: readonly unknown[]): Promise<void> => {
    await write(items.map((item) => `${canonicalJson(item)}\n`).join(''));
    lines += items.length;
  };
  let key = '';
  for (let cursor: string | undefined; ; ) {
    const part = await client.call(getCheckpoint, Checkpoint, { query: { cursor } });
    const { checkpoint, signature, public_key, next_cursor } = part;
    await put({ checkpoint, signature });
    key = public_key;
    if (next_cursor === null) break;
    cursor = next_cursor;
  }
  for (let cursor: string | undefined; ; ) {
    const { items, next_cursor } = await client.call(exportAudit, Items, { query: { limit: 100, cursor } });
    await put(...items);
    progress.say('exporting the record', `${lines} lines`);
    if (next_cursor === null) break;
    cursor = next_cursor;
  }
  return { lines, key };
}

const Verified = z.object({
  chains: z.number(),
  entries: z.number(),
  decisions: z.number(),
  evidence: z.number(),
  beyond: z.number(),
  problems: z.array(z.object({ item: z.string(), problem: z.string() })),
});

const verify = (bind: Bind): Command =>
  bind(
    new Command('verify')
      .description('recompute an export, offline: every signature, chain, decision and piece of evidence')
      .argument('<file>', 'what `audit export` wrote')
      .option('--key <file>', 'the public key that is trusted (default: the file and .pub)'),
    {
      given: z.object({ file: z.string(), key: z.optional(z.string()) }),
      answer: Verified,
      examples: ['sluice audit verify audit.jsonl --key audit.jsonl.pub'],
      async run({ file, key = `${file}.pub` }, { terminal }) {
        const at = (name: string) => resolve(terminal.cwd, name);
        const publicKey = await readFile(at(key), 'utf8').catch(unreadable(key));
        const lines = await linesOf(at(file)).catch(unreadable(file));
        const found = verifyExport(lines, publicKey);
        const data = { ...found, problems: [...found.problems] };
        const counted = `${found.chains} chains, ${found.entries} entries, ${found.decisions} decisions, ${found.evidence} pieces of evidence`;
        const beyond = found.beyond === 0 ? '' : ` (${found.beyond} newer than the checkpoint)`;
        if (data.problems.length === 0) return { data, text: `Verified: ${counted}${beyond}.` };
        const rows = data.problems.map(({ item, problem }) => [item, problem]);
        const message = `${data.problems.length} problems in ${counted}`;
        return {
          data,
          table: { columns: ['Item', 'Problem'], rows },
          failed: new Failure('not_verified', EXIT.signature, message, { beside: data }),
        };
      },
    },
  );

const verifyOne = (bind: Bind): Command =>
  bind(
    new Command('verify-record')
      .description('verify the record of a promotion that a registry holds, offline')
      .argument('<file>', 'the envelope: the layer of the referrer application/vnd.sluice.promotion.v1+json')
      .requiredOption('--key <file>', 'the public key that is trusted, as `audit export` wrote it')
      .option('--digest <digest>', 'the digest that the record must be about'),
    {
      given: z.object({ file: z.string(), key: z.string(), digest: z.optional(z.string()) }),
      answer: z.object({ key_id: z.string(), record: z.record(z.string(), z.unknown()) }),
      examples: ['sluice audit verify-record record.json --key audit.jsonl.pub'],
      async run({ file, key, digest }, { terminal }) {
        const read = (name: string) => readFile(resolve(terminal.cwd, name), 'utf8').catch(unreadable(name));
        const found = verifyRecord(await read(file), await read(key));
        const other = digest !== undefined && 'record' in found && found.digest !== digest;
        const problem = 'problem' in found ? found.problem : other ? `is about ${found.digest}` : undefined;
        const { key_id = '', record = {} } = 'record' in found ? found : {};
        const data = { key_id, record };
        if (problem === undefined) {
          const { promotion_id, source_env, target_env, result } = record;
          return {
            data,
            text: `Verified: ${String(promotion_id)}, ${String(source_env)} to ${String(target_env)}, ${String(result)}.`,
          };
        }
        return { data, failed: new Failure('not_verified', EXIT.signature, `${file} ${problem}`) };
      },
    },
  );

async function linesOf(path: string): Promise<string[]> {
  const lines: string[] = [];
  const input = createReadStream(path);
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line !== '') lines.push(line);
  }
  return lines;
}
