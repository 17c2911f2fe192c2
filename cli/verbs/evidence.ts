import { Command, Option } from 'commander';
import * as z from 'zod/mini';
import { attachEvidence, getEvidence, submitEvidence } from '../../functions/contract/evidence.ts';
import { FORMATS } from '../../functions/domain/evidence/report.ts';
import { defined } from '../defined.ts';
import { misused } from '../failure.ts';
import type { Client } from '../http/client.ts';
import { textOfFile } from '../input-file.ts';
import type { Bind } from '../verb.ts';

/** A report as the server took it in. */
export const Report = z.object({
  evidence: z.string(),
  gate: z.string(),
  format: z.string(),
  subject_digest: z.string(),
  produced_at: z.string(),
  result: z.record(z.string(), z.unknown()),
});
export type Report = z.infer<typeof Report>;
export const ReportAnswer = z.object({ report: Report });

/** What a report is about: a promotion, or a digest on every hop. */
export const ABOUT = {
  promotion: z.optional(z.string()),
  digest: z.optional(z.templateLiteral(['sha256:', z.string()])),
};
export type About = {
  readonly promotion?: string | undefined;
  readonly digest?: `sha256:${string}` | undefined;
};
export const aboutOptions = (command: Command): Command =>
  command
    .option('--promotion <promotion>', 'a promotion that waits for it')
    .option('--digest <digest>', 'the digest that it is about, on every hop');

/** `sluice evidence …`. */
export const evidence = (bind: Bind): Command => {
  const group = new Command('evidence').description('reports that gates judge');
  for (const verb of [attach, list]) group.addCommand(verb(bind));
  return group;
};

const attach = (bind: Bind): Command =>
  bind(
    aboutOptions(
      new Command('attach')
        .description('attach a report of a tool')
        .argument('<file>', 'the report; - reads standard input')
        .requiredOption('--gate <name>', 'the gate that it is for')
        .addOption(new Option('--format <format>', 'what wrote it').choices(FORMATS).makeOptionMandatory()),
    ),
    {
      given: z.object({ ...ABOUT, file: z.string(), gate: z.string(), format: z.enum(FORMATS) }),
      answer: ReportAnswer,
      examples: ['sluice evidence attach junit.xml --gate tests --format junit --promotion prom-01'],
      async run({ file, gate, format, ...about }, session) {
        const document = await textOfFile(session.terminal, file);
        return reported(await submitted(await session.client(), about, { gate, format, document }));
      },
    },
  );

/** The outcome of a report that was taken in. */
export const reported = (report: Report) => ({
  data: { report },
  table: {
    columns: ['Gate', 'Format', 'Passed', 'Evidence'],
    rows: [[report.gate, report.format, String(report.result['passed'] ?? '–'), report.evidence]],
  },
});

type Given = { readonly gate: string; readonly format: (typeof FORMATS)[number]; readonly document: string };

/** Submits a report about a promotion, or about a digest. */
export async function submitted(client: Client, { promotion, digest }: About, body: Given): Promise<Report> {
  if (promotion !== undefined) {
    const given = { params: { id: promotion }, body: { ...body, ...defined({ subject_digest: digest }) } };
    return client.call(attachEvidence, Report, given);
  }
  if (digest === undefined) throw misused('say what it is about: --promotion or --digest');
  return client.call(submitEvidence, Report, { body: { ...body, subject_digest: digest } });
}

const list = (bind: Bind): Command =>
  bind(
    new Command('list')
      .description('list the reports about what a promotion promotes')
      .requiredOption('--promotion <promotion>', 'id of a promotion'),
    {
      given: z.object({ promotion: z.string() }),
      answer: z.object({ items: z.array(Report) }),
      examples: ['sluice evidence list --promotion prom-01'],
      async run({ promotion }, session) {
        const { items } = await (await session.client()).call(
          getEvidence,
          z.object({ items: z.array(Report) }),
          {
            params: { id: promotion },
          },
        );
        const rows = items.map((it) => [
          it.gate,
          it.format,
          String(it.result['passed'] ?? '–'),
          it.produced_at,
        ]);
        return { data: { items }, table: { columns: ['Gate', 'Format', 'Passed', 'Produced at'], rows } };
      },
    },
  );
