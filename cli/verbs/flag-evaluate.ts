import { Command } from 'commander';
import * as z from 'zod/mini';
import { FlagFields } from '../../functions/contract/config-entry-shapes.ts';
import { explainFlag, FlagExplanationView } from '../../functions/contract/flag-explanations.ts';
import { defined } from '../defined.ts';
import { misused } from '../failure.ts';
import { structureOfFile } from '../input-file.ts';
import { typedJson } from '../json.ts';
import type { Tone } from '../output/style.ts';
import type { Terminal } from '../terminal.ts';
import type { Bind } from '../verb.ts';

const TONES: { readonly [outcome in FlagExplanationView['rules'][number]['outcome']]: Tone } = {
  decides: 'good',
  not_met: 'plain',
  not_reached: 'faint',
};

/** `sluice flag evaluate`: what a context gets of a flag, and why. */
export const evaluate = (bind: Bind): Command =>
  bind(
    new Command('evaluate')
      .description('explain what a context gets of a flag, rule by rule; nothing is changed')
      .argument('<key>', 'its key')
      .requiredOption('--env <environment>', 'the environment')
      .option('--targeting-key <key>', 'who asks: what a split decides by')
      .option('--evaluation-context <json>', 'what else is known of who asks, as a JSON object')
      .option('-f, --file <file>', 'a flag as `flag set` takes it, in place of the stored one'),
    {
      given: z.object({
        key: z.string(),
        env: z.string(),
        targetingKey: z.optional(z.string()),
        evaluationContext: z.optional(z.string()),
        file: z.optional(z.string()),
      }),
      answer: FlagExplanationView,
      examples: [
        `sluice flag evaluate checkout.new --env staging --targeting-key user-1 --evaluation-context '{"plan":"pro"}'`,
      ],
      async run({ key, env, targetingKey, evaluationContext, file }, session) {
        const flag = file === undefined ? undefined : await flagIn(session.terminal, file);
        const data = await (await session.client()).call(explainFlag, FlagExplanationView, {
          params: { env, key },
          body: {
            context: { ...contextIn(evaluationContext), ...defined({ targetingKey }) },
            ...defined({ flag }),
          },
        });
        return { data, ...words(data) };
      },
    },
  );

function contextIn(text = '{}'): { [name: string]: z.core.util.JSONType } {
  const read = z.safeParse(Context, typedJson(text));
  if (read.success) return read.data;
  throw misused('--evaluation-context is not a JSON object');
}
const Context = z.record(z.string(), z.json());

function words({ outcome, reason, variant, value, why, rules }: FlagExplanationView) {
  const got = outcome === 'served' ? `${variant} = ${JSON.stringify(value)} (${reason})` : outcome;
  const rows = rules.map((rule, at) => [
    String(at + 1),
    rule.name ?? '–',
    { text: rule.outcome.replaceAll('_', ' '), tone: TONES[rule.outcome] },
    rule.why,
  ]);
  const text = `${got}: ${why}.`;
  return rows.length === 0
    ? { text }
    : { text: `${text}\n`, table: { columns: ['Rule', 'Name', 'Outcome', 'Why'], rows } };
}

const Given = z.strictObject({ ...FlagFields.shape, enabled: z._default(z.boolean(), true) });

/** The flag that a file holds. */
export async function flagIn(terminal: Terminal, file: string): Promise<z.infer<typeof Given>> {
  const read = z.safeParse(Given, await structureOfFile(terminal, file));
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw misused(`${file} is no flag: ${issue?.path.join('.')} ${issue?.message}`);
}
