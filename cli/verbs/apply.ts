import { Command } from 'commander';
import * as z from 'zod/mini';
import { ConfigurationDocument, putConfiguration } from '../../functions/contract/configuration.ts';
import { misused } from '../failure.ts';
import { structureOfFile } from '../input-file.ts';
import type { Bind } from '../verb.ts';

const Applied = z.object({
  dry_run: z.boolean(),
  changes: z.array(z.object({ path: z.string(), before: z.unknown(), after: z.unknown() })),
  pending_changes: z.array(z.string()),
  warnings: z.array(z.string()),
});

/** `sluice apply -f manifest.yaml`: registries, gates and notifications from the artifact document's schema. */
export const apply = (bind: Bind): Command =>
  bind(
    new Command('apply')
      .description('set registries, gates, notifications, approvals and pins from one document')
      .requiredOption('-f, --file <file>', 'JSON or YAML; - reads standard input')
      .option('--reason <text>', 'why; needed where a change weakens what governs promotions')
      .option('--dry-run', 'only say what would change'),
    {
      given: z.object({
        file: z.string(),
        reason: z.optional(z.string()),
        dryRun: z._default(z.boolean(), false),
      }),
      answer: Applied,
      examples: [
        'sluice apply -f manifest.yaml --dry-run',
        'sluice apply -f manifest.yaml --reason "as agreed"',
      ],
      async run({ file, reason, dryRun }, session) {
        const read = z.safeParse(ConfigurationDocument, await structureOfFile(session.terminal, file));
        if (!read.success) {
          const [issue] = read.error.issues;
          throw misused(`${file}: ${issue?.path.join('.') || 'the document'}: ${issue?.message ?? ''}`);
        }
        const data = await (await session.client()).call(putConfiguration, Applied, {
          query: { reason, dry_run: dryRun ? 'true' : undefined },
          body: read.data,
        });
        const { changes, warnings, pending_changes } = data;
        const rows = changes.map(({ path, before, after }) => [path, shown(before), shown(after)]);
        const what = dryRun ? 'would change' : 'changed';
        const notes = [
          ...warnings.map((warning) => `warning: ${warning}`),
          ...(pending_changes.length === 0
            ? []
            : [`Waits for a second admin: ${pending_changes.join(', ')}`]),
        ];
        return {
          data,
          text: changes.length === 0 ? 'Nothing to change.' : `${changes.length} ${what}:`,
          ...(changes.length === 0 ? {} : { table: { columns: ['Path', 'Before', 'After'], rows } }),
          ...(notes.length === 0 ? {} : { hint: notes.join('\n') }),
        };
      },
    },
  );

const shown = (value: unknown): string =>
  value === null || value === undefined ? '–' : JSON.stringify(value);
