import { Command, Option } from 'commander';
import * as z from 'zod/mini';
import { ConfigPromotionView } from '../../functions/contract/config-promotion-view.ts';
import { createConfigPromotion } from '../../functions/contract/config-promotions.ts';
import { PromotionView } from '../../functions/contract/promotion-view.ts';
import { createPromotion } from '../../functions/contract/promotions.ts';
import type { CONFIG_SELECTIONS } from '../../functions/domain/promotion/state.ts';
import { defined } from '../defined.ts';
import { Failure, misused } from '../failure.ts';
import type { Client } from '../http/client.ts';
import type { Outcome } from '../output/print.ts';
import { agentSource, gatewayIn } from '../promotions/agent-defaults.ts';
import { inSnakeCase } from '../promotions/casing.ts';
import { PromotionAnswer } from '../promotions/outcome.ts';
import { settled, WAITING, waitable } from '../promotions/waiting-options.ts';
import { promotionTable } from '../promotions/words.ts';
import type { Session } from '../session.ts';
import type { Bind } from '../verb.ts';
import { status } from './status.ts';

const several = z._default(z.array(z.string()), []);
const Given = z.object({
  ...WAITING,
  to: z.string(),
  from: z.optional(z.string()),
  all: z._default(z.boolean(), false),
  key: several,
  flag: several,
  pattern: several,
  prune: z._default(z.boolean(), false),
  notes: z.optional(z.string()),
  version: z.optional(z.string()),
  artifact: z.optional(z.string()),
  syncRegistries: z._default(z.boolean(), false),
  acknowledgeEol: z._default(z.boolean(), false),
  agent: z.optional(z.string()),
  deployment: z.optional(z.string()),
  gateway: z.optional(z.string()),
  execution: z.optional(z.enum(['manual', 'automatic'])),
  supersede: z._default(z.boolean(), false),
  dryRun: z._default(z.boolean(), false),
});
type Given = z.infer<typeof Given>;

const collect = (value: string, before: readonly string[] = []): string[] => [...before, value];

/** `sluice promote`. */
export const promote = (bind: Bind): Command => promoting(bind).addCommand(status(bind), { hidden: true });

const promoting = (bind: Bind): Command =>
  bind(
    waitable(
      new Command('promote')
        .description('request a promotion to the next environment')
        .argument('[version]', 'an artifact: the version, such as v1.2.3; `status` shows the status')
        .option('--to <environment>', 'the target (required)')
        .option('--from <environment>', 'the source (default: the environment before the target)')
        .option('--all', 'configuration: everything that differs')
        .option('--key <key>', 'configuration: this config; may be repeated', collect)
        .option('--flag <key>', 'configuration: this flag; may be repeated', collect)
        .option(
          '--pattern <glob>',
          'configuration: keys that match, such as query.*; may be repeated',
          collect,
        )
        .option('--prune', 'configuration: also delete what the source has not')
        .option('--notes <text>', 'configuration: a note for approvers')
        .option('--artifact <name>', 'the artifact (default: the only one that the source has)')
        .option('--sync-registries', 'an artifact: also to every secondary registry')
        .option('--acknowledge-eol', 'an artifact: a version that has reached its end of life, all the same')
        .option('--agent <id>', 'an agent')
        .option('--deployment <id>', 'the deployment of the agent (default: the newest in the source)')
        .option('--gateway <id>', 'where the agent goes (default: the only active one of the target)')
        .addOption(
          new Option(
            '--execution <how>',
            'whether it runs by itself once approved (default with --wait: automatic)',
          ).choices(['manual', 'automatic']),
        )
        .option('--supersede', 'cancel older open promotions of the same subject to the same target')
        .option('--dry-run', 'only say what would be; exits as the real run would'),
    ),
    {
      given: Given,
      answer: PromotionAnswer,
      examples: [
        'sluice promote --key query.timeout --to production --wait',
        "sluice promote --pattern 'query.*' --from staging --to production --dry-run",
        'sluice promote v1.2.3 --to staging --sync-registries',
        'sluice promote --agent agent-123 --to production',
      ],
      run: (given, session) => requested(given, session),
    },
  );

async function requested(
  given: Given,
  session: Session,
): Promise<Outcome & { readonly data: PromotionAnswer }> {
  const client = await session.client();
  // Who waits for the end wants it to come.
  const execution = given.execution ?? (given.wait ? 'automatic' : undefined);
  try {
    const promotion = await asked(client, { ...given, execution });
    return await settled(session, promotion, given);
  } catch (error) {
    // Said again by a pipeline that runs again: there is nothing to do, and that is no failure.
    if (!(error instanceof Failure) || error.code !== 'nothing_to_promote') throw error;
    return {
      data: { promotion: null },
      text: `Nothing to promote: ${error.message}.`,
      table: promotionTable([]),
    };
  }
}

/** One kind, by what names it. */
function asked(client: Client, given: Given): Promise<PromotionView> {
  const { version, agent } = given;
  const config = given.all || given.key.length + given.flag.length + given.pattern.length > 0;
  if ([version !== undefined, agent !== undefined, config].filter(Boolean).length !== 1) {
    throw misused(
      'say what to promote, one kind of it: a version, --agent, or --all, --key, --flag and --pattern',
      'See `sluice promote --help`.',
    );
  }
  if (version !== undefined) return ofArtifact(client, given, version);
  return agent === undefined ? ofConfig(client, given) : ofAgent(client, given, agent);
}

function ofArtifact(client: Client, given: Given, version: string): Promise<PromotionView> {
  return client.call(createPromotion, PromotionView, {
    query: dryRun(given),
    body: defined({
      version,
      artifact: given.artifact,
      target_environment: given.to,
      source_environment: given.from,
      sync_registries: given.syncRegistries || undefined,
      acknowledge_eol: given.acknowledgeEol || undefined,
      execution: given.execution,
      supersede: given.supersede || undefined,
    }),
  });
}

async function ofConfig(client: Client, given: Given): Promise<PromotionView> {
  const { key, flag, pattern, all } = given;
  const named = key.length + flag.length;
  if (all && named + pattern.length > 0) throw misused('--all goes with no --key, --flag or --pattern');
  const type: (typeof CONFIG_SELECTIONS)[number] = all ? 'FULL' : named > 0 ? 'SELECTIVE' : 'PATTERN';
  const made = await client.call(createConfigPromotion, ConfigPromotionView, {
    query: dryRun(given),
    body: defined({
      targetEnvironment: given.to,
      sourceEnvironment: given.from,
      promotionType: type,
      configIds: key.length > 0 ? key : undefined,
      flagIds: flag.length > 0 ? flag : undefined,
      keyPatterns: pattern.length > 0 ? pattern : undefined,
      prune: given.prune || undefined,
      notes: given.notes,
      execution: given.execution,
      supersede: given.supersede || undefined,
    }),
  });
  return inSnakeCase(made);
}

async function ofAgent(client: Client, given: Given, agent: string): Promise<PromotionView> {
  const deployment = given.deployment ?? (await agentSource(client, agent, given));
  return client.call(createPromotion, PromotionView, {
    query: dryRun(given),
    body: defined({
      agent_id: agent,
      source_deployment_id: deployment,
      target_gateway_id: given.gateway ?? (await gatewayIn(client, given.to)),
      target_environment: given.to,
      source_environment: given.from,
      execution: given.execution,
      supersede: given.supersede || undefined,
    }),
  });
}

const dryRun = ({ dryRun: dry }: Given) => ({ dry_run: dry ? true : undefined });
