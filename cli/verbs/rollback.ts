import { Command, Option } from 'commander';
import * as z from 'zod/mini';
import { rollBackArtifact, rollBackPromotion } from '../../functions/contract/artifact-rollbacks.ts';
import { PromotionView } from '../../functions/contract/promotion-view.ts';
import { RollbackImpactView } from '../../functions/contract/rollback-impact.ts';
import { defined } from '../defined.ts';
import { misused } from '../failure.ts';
import type { Client } from '../http/client.ts';
import type { Outcome } from '../output/print.ts';
import { impactWords, refusedFor } from '../promotions/impact.ts';
import { endedBy } from '../promotions/outcome.ts';
import { PLATFORM } from '../promotions/platform.ts';
import { untilCompleted } from '../promotions/wait.ts';
import { WAITING, waitable } from '../promotions/waiting-options.ts';
import { promotionTable } from '../promotions/words.ts';
import type { Session } from '../session.ts';
import type { Bind } from '../verb.ts';

const RollbackAnswer = z.object({
  promotion: z.nullable(PromotionView),
  impact: RollbackImpactView,
});
type RollbackAnswer = z.infer<typeof RollbackAnswer>;

const Revision = z.pipe(
  z.string().check(z.regex(/^[1-9][0-9]{0,8}$/, 'must be the number of a revision')),
  z.transform(Number),
);

const Given = z.object({
  ...WAITING,
  target: z.optional(z.string()),
  env: z.optional(z.string()),
  artifact: z.string(),
  reason: z.optional(z.string()),
  mode: z.optional(z.enum(['restore', 'revert'])),
  toRevision: z.optional(Revision),
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
        .option('--to-revision <number>', 'to this revision of the environment')
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
        'sluice rollback prom-01 --to-revision 4 --dry-run',
      ],
      run: (given, session) => rolledBack(given, session),
    },
  );

/** What a rollback came to: null where the impact refuses it. */
type Begun = {
  readonly promotion: PromotionView | null;
  readonly impact: RollbackImpactView;
  readonly words: string;
};

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
  const stop = endedBy(promotion);
  if (stop !== undefined) throw stop;
  return { data: { promotion, impact }, text: words, table: promotionTable([promotion]) };
}

const Answer = z.union([
  z.object({ ...PromotionView.shape, impact: RollbackImpactView }),
  z.object({ would_be: z.null(), impact: RollbackImpactView }),
]);

async function ofPromotion(client: Client, given: Given): Promise<Begun> {
  const { target: id } = given;
  if (id === undefined) throw misused('say what to take back: the id of a promotion, or --env');
  const answer = await client.call(rollBackPromotion, Answer, {
    params: { id },
    query: { dry_run: given.dryRun ? true : undefined },
    body: defined({ ...bodyOf(given), mode: given.mode }),
  });
  return begunOf(answer);
}

async function ofArtifact(client: Client, given: Given, environment: string): Promise<Begun> {
  const answer = await client.call(rollBackArtifact, Answer, {
    params: { name: given.artifact },
    query: { dry_run: given.dryRun ? true : undefined },
    body: defined({ ...bodyOf(given), environment, version: given.target }),
  });
  return begunOf(answer);
}

const bodyOf = (given: Given) => ({
  reason: given.reason,
  to_revision: given.toRevision,
  sync_registries: given.syncRegistries,
  acknowledge_risk: given.acknowledgeRisk,
  execution: given.execution,
});

function begunOf(answer: z.infer<typeof Answer>): Begun {
  const { impact } = answer;
  const words = impactWords(impact);
  if (!('id' in answer)) return { promotion: null, impact, words };
  const { impact: _, ...promotion } = answer;
  return { promotion, impact, words };
}
