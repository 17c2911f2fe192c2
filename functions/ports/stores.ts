import type { Answers } from './answers.ts';
import type { ArtifactVersions } from './artifact-versions.ts';
import type { BackoffWindows } from './backoff-windows.ts';
import type { CatalogStore } from './catalog-store.ts';
import type { ChangeLog } from './change-log.ts';
import type { ChunkingKeys } from './chunking-keys.ts';
import type { Cursors } from './cursors.ts';
import type { Deliveries } from './deliveries.ts';
import type { Denials } from './denials.ts';
import type { DeploymentStore } from './deployment-store.ts';
import type { Directory } from './directory.ts';
import type { Evaluations } from './evaluations.ts';
import type { EvidenceStore } from './evidence-store.ts';
import type { FlagKeyUses } from './flag-key-uses.ts';
import type { HeadStore } from './head-store.ts';
import type { Links } from './links.ts';
import type { LogNews } from './log-news.ts';
import type { NodeStore } from './node-store.ts';
import type { NodeSweep } from './node-sweep.ts';
import type { Observations } from './observations.ts';
import type { PromotionStore, TaskTokens, WorkflowRecords } from './promotion-store.ts';
import type { RollUps } from './roll-ups.ts';
import type { Sessions } from './sessions.ts';
import type { SlackMessages } from './slack-messages.ts';
import type { SlackPeople } from './slack-people.ts';
import type { Timelines } from './timelines.ts';
import type { Transactions } from './transaction.ts';
import type { UnblockRecords } from './unblock-records.ts';
import type { Uploads } from './uploads.ts';
import type { Waits } from './waits.ts';

/** The stores that most functions need. */
export type CommonStores = {
  readonly transactions: Transactions;
  readonly promotions: PromotionStore;
  readonly workflowRecords: WorkflowRecords;
  readonly tokens: TaskTokens;
  readonly heads: HeadStore;
  readonly deployments: DeploymentStore;
  readonly rollUps: RollUps;
  readonly timelines: Timelines;
  readonly catalog: CatalogStore;
  readonly evidence: EvidenceStore;
  readonly directory: Directory;
  readonly answers: Answers;
  readonly denials: Denials;
  readonly changes: ChangeLog;
  readonly observations: Observations;
  readonly unblockRecords: UnblockRecords;
  readonly nodes: NodeStore;
  readonly nodeSweep: NodeSweep;
  readonly chunkingKeys: ChunkingKeys;
  readonly waits: Waits;
  readonly versions: ArtifactVersions;
  readonly uploads: Uploads;
  readonly flagKeyUses: FlagKeyUses;
  readonly logNews: LogNews;
  readonly cursors: Cursors;
};

/** What bearer secrets open; only functions that answer people at pages, or write to them, have it. */
export type BearerStores = { readonly sessions: Sessions; readonly links: Links };
/** The stores of notifications alone. */
export type NotificationStores = {
  readonly deliveries: Deliveries;
  readonly backoff: BackoffWindows;
  readonly slackPeople: SlackPeople;
  readonly slackMessages: SlackMessages;
};

/** Every store, as one table (or one memory) provides them: what one writes, the others read. */
export type Stores = CommonStores & NotificationStores & { readonly evaluations: Evaluations };
