import { Command, Option } from 'commander';
import * as z from 'zod/mini';
import { ArtifactStatusView, getArtifactStatus } from '../../functions/contract/artifacts.ts';
import { listRevisions } from '../../functions/contract/config-entries.ts';
import { getAgentDeployment } from '../../functions/contract/deployments.ts';
import type { EnvironmentView } from '../../functions/contract/environments.ts';
import { getOverview, OverviewView } from '../../functions/contract/overview.ts';
import { PromotionView } from '../../functions/contract/promotion-view.ts';
import { promotionVerbs } from '../../functions/contract/promotions.ts';
import { KINDS } from '../../functions/domain/subject.ts';
import type { Client } from '../http/client.ts';
import type { Cell } from '../output/table.ts';
import { named, pipeline } from '../promotions/environments.ts';
import { PLATFORM } from '../promotions/platform.ts';
import { gateMarks, pendingWhy, subjectOf } from '../promotions/words.ts';
import type { Bind } from '../verb.ts';

/** What is active in an environment, who put it there, and what its gates said. */
const Row = z.object({
  environment: z.string(),
  kind: z.nullable(z.enum(KINDS)),
  name: z.nullable(z.string()),
  version: z.nullable(z.string()),
  digest: z.nullable(z.string()),
  promoted_at: z.nullable(z.string()),
  promoted_by: z.nullable(z.string()),
  promotion_id: z.nullable(z.string()),
  gates: PromotionView.shape.gates,
  lock: z.nullable(z.string()),
});
type Row = z.infer<typeof Row>;
const StatusAnswer = z.object({ environments: z.array(Row), pending: z.array(PromotionView) });
const given = z.object({ env: z.optional(z.string()), kind: z.optional(z.enum(KINDS)) });

/** `sluice status`: what every environment has, and what is on its way. */
export const status = (bind: Bind): Command =>
  bind(
    new Command('status')
      .description('what every environment has, and what is on its way')
      .option('--env <environment>', 'this one alone')
      .addOption(
        new Option('--kind <kind>', 'default: artifacts where there are any, else configuration').choices(
          KINDS,
        ),
      ),
    {
      given,
      answer: StatusAnswer,
      examples: ['sluice status', 'sluice status --env production --kind config'],
      async run({ env, kind }, session) {
        const client = await session.client();
        const [all, overview] = await Promise.all([pipeline(client), client.call(getOverview, OverviewView)]);
        const chosen = env === undefined ? all : [named(all, env)];
        const names = chosen.map(({ name }) => name);
        const shown =
          kind ?? (overview.subjects.some((one) => one.kind === 'artifact') ? 'artifact' : 'config');
        const environments = (
          await Promise.all(chosen.map((environment) => rowsOf(client, environment, overview, shown)))
        ).flat();
        const pending = overview.promotions.filter(({ target_environment }) =>
          names.includes(target_environment),
        );
        const rows = environments.map((row): Cell[] => [
          row.environment,
          versionOf(row, all),
          row.promoted_at ?? '',
          row.promoted_by ?? '',
          row.lock === null ? gateMarks(row.gates) : { text: `locked: ${row.lock}`, tone: 'bad' },
        ]);
        const waiting = pending.map(
          (one) => `- ${pendingName(one)} → ${one.target_environment} (${pendingWhy(one)}; ${one.id})`,
        );
        return {
          data: { environments, pending },
          table: { columns: ['Environment', 'Version', 'Promoted At', 'Promoted By', 'Gates'], rows },
          after:
            waiting.length === 0 ? 'No pending promotions.' : ['Pending Promotions:', ...waiting].join('\n'),
        };
      },
    },
  );

/** What is pending: `v1.2.4` of the platform, `billing v1.0.0` of another artifact. */
function pendingName(promotion: PromotionView): string {
  const { subject, artifact_version } = promotion;
  if (artifact_version === null) return subjectOf(promotion);
  return subject.name === PLATFORM ? artifact_version : `${subject.name} ${artifact_version}`;
}

/** As the artifact document writes it: `v1.2.3-prod`, with the name of any other artifact than the platform. */
function versionOf(
  { kind, name, version, digest, environment }: Row,
  all: readonly EnvironmentView[],
): string {
  if (kind === null) return '–';
  if (kind === 'config') return version ?? '–';
  const label = version ?? digest?.slice(0, 'sha256:'.length + 12) ?? '–';
  const suffix = all.find((one) => one.name === environment)?.tag_suffix;
  if (kind === 'agent') return `${name} ${label}`;
  return `${name === PLATFORM ? '' : `${name} `}${label}${suffix === undefined ? '' : `-${suffix}`}`;
}

async function rowsOf(
  client: Client,
  { name: environment, lock, tenant_lock }: EnvironmentView,
  { subjects }: OverviewView,
  kind: (typeof KINDS)[number],
): Promise<Row[]> {
  const stop = (lock ?? tenant_lock)?.reason ?? null;
  const none = { promotion_id: null, promoted_at: null, promoted_by: null, version: null, digest: null };
  const there = subjects
    .filter((subject) => subject.kind === kind)
    .flatMap(({ name, active }) => active.map((cell) => ({ name, cell })))
    .filter(({ cell }) => cell.environment === environment);
  if (there.length === 0) {
    return [{ ...none, environment, kind: null, name: null, gates: [], lock: stop }];
  }
  return Promise.all(
    there.map(async ({ name, cell }) => {
      const put = await PUT_BY[kind](client, { environment, name, deployment: cell.deployment_id });
      const { promotionId: promotion_id = null, by = null } = put ?? {};
      const gates = promotion_id === null ? [] : await gatesOf(client, promotion_id);
      const version = kind === 'config' ? `config r${cell.revision}` : cell.version;
      const at = { promoted_at: cell.since, promoted_by: by, promotion_id };
      return { environment, kind, name, version, digest: cell.digest, ...at, gates, lock: stop };
    }),
  );
}

type Put = { readonly promotionId: string | null; readonly by: string };

const Revisions = z.object({
  items: z.array(
    z.object({
      promotionId: z.nullable(z.string()),
      actor: z.object({ subject: z.string(), email: z.optional(z.string()) }),
    }),
  ),
});

async function lastRevision(client: Client, env: string): Promise<Put | undefined> {
  const { items } = await client.call(listRevisions, Revisions, { params: { env }, query: { limit: 1 } });
  const [newest] = items;
  if (newest === undefined) return undefined;
  const { promotionId, actor } = newest;
  return { promotionId, by: actor.email || actor.subject };
}

type Place = { readonly environment: string; readonly name: string; readonly deployment: string | null };

const PUT_BY: {
  readonly [kind in (typeof KINDS)[number]]: (client: Client, at: Place) => Promise<Put | undefined>;
} = {
  config: (client, { environment }) => lastRevision(client, environment),
  artifact: installed,
  agent: (client, { deployment }) => deployed(client, deployment),
};

async function installed(client: Client, { name, environment }: Place): Promise<Put | undefined> {
  const { environments } = await client.call(getArtifactStatus, ArtifactStatusView, { params: { name } });
  const { promotion_id, promoted_by } = environments.find((one) => one.environment === environment) ?? {};
  if (promoted_by === undefined || promoted_by === null) return undefined;
  return { promotionId: promotion_id ?? null, by: promoted_by.email || promoted_by.subject };
}

const Deployed = z.object({ promotion_id: z.nullable(z.string()), recorded_by: z.string() });

async function deployed(client: Client, id: string | null): Promise<Put | undefined> {
  if (id === null) return undefined;
  const found = await client.call(getAgentDeployment, Deployed, { params: { id } });
  return { promotionId: found.promotion_id, by: found.recorded_by };
}

async function gatesOf(client: Client, id: string): Promise<PromotionView['gates']> {
  return (await client.call(promotionVerbs.get, PromotionView, { params: { id } })).gates;
}
