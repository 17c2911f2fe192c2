import { Command, Option } from 'commander';
import * as z from 'zod/mini';
import {
  ArtifactRollbackImpactView,
  rollBackArtifact,
  rollBackPromotion,
} from '../../functions/contract/artifact-rollbacks.ts';
import { ConfigPromotionView, RollbackImpactView } from '../../functions/contract/config-promotion-view.ts';
import { rollBackConfigPromotion } from '../../functions/contract/config-promotions.ts';
import { PromotionView } from '../../functions/contract/promotion-view.ts';
import { promotionVerbs } from '../../functions/contract/promotions.ts';
import { defined } from '../defined.ts';
import { misused } from '../failure.ts';
import type { Client } from '../http/client.ts';
import type { Outcome } from '../output/print.ts';
import { inSnakeCase } from '../promotions/casing.ts';
import { artifactImpactWords, configImpactWords, type Impact, refusedFor } from '../promotions/impact.ts';
import { stoppedBy } from '../promotions/outcome.ts';
import { untilCompleted } from '../promotions/wait.ts';
import { WAITING, waitable } from '../promotions/waiting-options.ts';
import { promotionTable } from '../promotions/words.ts';
import type { Session } from '../session.ts';
import type { Bind } from '../verb.ts';
import { PLATFORM } from './publish.ts';

const RollbackAnswer = z.object({
  promotion: z.nullable(PromotionView),
  impact: z.union([RollbackImpactView, ArtifactRollbackImpactView]),
});
type RollbackAnswer = z.infer<typeof RollbackAnswer>;

const Given = z.object({
  ...WAITING,
  target: z.optional(z.string()),
  env: z.optional(z.string()),
  artifact: z.string(),
  reason: z.optional(z.string()),
  mode: z.optional(z.enum(['restore', 'revert'])),
  acknowledgeRisk: z.optional(z.boolean()),
  syncRegistries: z.optional(z.boolean()),
  execution: z.optional(z.enum(['manual', 'automatic'])),
  dryRun: z._default(z.boolean(), false),
});
type Given = z.infer<typeof Given>;

/** `sluice rollback`: a completed promotion by its id, or an environment to a version of an artifact. */
export const rollback = (bind: Bind): Command =>
  bind(
    waitable(
      new Command('rollback')
        .description('roll back a completed promotion, or an environment to a version of an artifact')
        .argument('[target]', 'id of a completed promotion, or a version (default: the one before)')
        .option('--env <environment>', 'an artifact: the environment that goes back')
        .option('--artifact <name>', 'an artifact: which one', PLATFORM)
        .option('--sync-registries', 'an artifact: also in every secondary registry')
        .option('--reason <text>', 'why, for the record')
        .addOption(
          new Option('--mode <mode>', 'as it was before (restore), or only its own changes (revert)').choices(
            ['restore', 'revert'],
          ),
        )
        .option('--acknowledge-risk', 'needed where the impact is RISKY')
        .addOption(
          new Option('--execution <how>', 'whether it runs by itself').choices(['manual', 'automatic']),
        )
        .option('--dry-run', 'only analyze the impact; exits as the real run would'),
    ),
    {
      given: Given,
      answer: RollbackAnswer,
      examples: [
        'sluice rollback prom-01 --reason "errors rise" --wait',
        'sluice rollback v1.2.2 --env production --dry-run',
      ],
      run: (given, session) => rolledBack(given, session),
    },
  );

/** What a rollback came to: null where the impact refuses it. */
type Begun = { readonly promotion: PromotionView | null; readonly impact: Impact; readonly words: string };

async function rolledBack(
  given: Given,
  session: Session,
): Promise<Outcome & { readonly data: RollbackAnswer }> {
  const client = await session.client();
  const execution = given.execution ?? (given.wait ? ('automatic' as const) : undefined);
  const {
    promotion: begun,
    impact,
    words,
  } = await (given.env === undefined
    ? ofPromotion(client, { ...given, execution })
    : ofArtifact(client, { ...given, execution }, given.env));
  // The real run would ask for it.
  const risky = given.dryRun && impact.recommendation === 'RISKY' && given.acknowledgeRisk !== true;
  if (begun === null || risky) throw refusedFor(impact, words);
  const promotion =
    given.wait && !given.dryRun ? await untilCompleted(session, begun, given.timeout ?? 600_000) : begun;
  const stop = stoppedBy(promotion);
  if (stop !== undefined) throw stop;
  return { data: { promotion, impact }, text: words, table: promotionTable([promotion]) };
}

const ConfigBegun = z.object({ ...ConfigPromotionView.shape, impact: RollbackImpactView });
const ConfigRefused = z.object({ wouldBe: z.null(), impact: RollbackImpactView });

/** Promotions of configuration are rolled back at an address of their own. */
const BY_KIND: {
  readonly [kind in PromotionView['kind']]: (client: Client, id: string, given: Given) => Promise<Begun>;
} = { agent: ofDeployed, artifact: ofDeployed, config: ofConfig };

async function ofPromotion(client: Client, given: Given): Promise<Begun> {
  const { target: id } = given;
  if (id === undefined) throw misused('say what to take back: the id of a promotion, or --env');
  const { kind } = await client.call(promotionVerbs.get, PromotionView, { params: { id } });
  return await BY_KIND[kind](client, id, given);
}

async function ofDeployed(client: Client, id: string, given: Given): Promise<Begun> {
  const answer = await client.call(rollBackPromotion, z.union([ArtifactBegun, ArtifactRefused]), {
    params: { id },
    query: { dry_run: given.dryRun ? true : undefined },
    body: defined({
      reason: given.reason,
      mode: given.mode,
      sync_registries: given.syncRegistries,
      acknowledge_risk: given.acknowledgeRisk,
      execution: given.execution,
    }),
  });
  return begunOf(answer);
}

async function ofConfig(client: Client, id: string, given: Given): Promise<Begun> {
  const answer = await client.call(rollBackConfigPromotion, z.union([ConfigBegun, ConfigRefused]), {
    params: { id },
    query: { dry_run: given.dryRun ? true : undefined },
    body: defined({
      reason: given.reason,
      mode: given.mode,
      acknowledgeRisk: given.acknowledgeRisk,
      execution: given.execution,
    }),
  });
  const { impact } = answer;
  const words = configImpactWords(impact);
  if (!('id' in answer)) return { promotion: null, impact, words };
  const { impact: _, ...shown } = answer;
  return { promotion: inSnakeCase(shown), impact, words };
}

const ArtifactBegun = z.object({ ...PromotionView.shape, impact: ArtifactRollbackImpactView });
const ArtifactRefused = z.object({ would_be: z.null(), impact: ArtifactRollbackImpactView });

async function ofArtifact(client: Client, given: Given, environment: string): Promise<Begun> {
  const answer = await client.call(rollBackArtifact, z.union([ArtifactBegun, ArtifactRefused]), {
    params: { name: given.artifact },
    query: { dry_run: given.dryRun ? true : undefined },
    body: defined({
      environment,
      version: given.target,
      reason: given.reason,
      sync_registries: given.syncRegistries,
      acknowledge_risk: given.acknowledgeRisk,
      execution: given.execution,
    }),
  });
  return begunOf(answer);
}

function begunOf(answer: z.infer<typeof ArtifactBegun> | z.infer<typeof ArtifactRefused>): Begun {
  const { impact } = answer;
  const words = artifactImpactWords(impact);
  if (!('id' in answer)) return { promotion: null, impact, words };
  const { impact: _, ...promotion } = answer;
  return { promotion, impact, words };
}
