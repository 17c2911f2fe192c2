import type { Answers } from './answers.ts';
import type { ArtifactVersions } from './artifact-versions.ts';
import type { CatalogStore } from './catalog-store.ts';
import type { ChangeLog } from './change-log.ts';
import type { Deliveries } from './deliveries.ts';
import type { Denials } from './denials.ts';
import type { DeploymentStore } from './deployment-store.ts';
import type { Directory } from './directory.ts';
import type { EvidenceStore } from './evidence-store.ts';
import type { FlagKeyUses } from './flag-key-uses.ts';
import type { HeadStore } from './head-store.ts';
import type { Links } from './links.ts';
import type { NodeStore } from './node-store.ts';
import type { NodeSweep } from './node-sweep.ts';
import type { Observations } from './observations.ts';
import type { Openings } from './openings.ts';
import type { PromotionDrive, PromotionStore, TaskTokens } from './promotion-store.ts';
import type { Rests } from './rests.ts';
import type { RollUps } from './roll-ups.ts';
import type { Salts } from './salts.ts';
import type { Sessions } from './sessions.ts';
import type { SlackMessages } from './slack-messages.ts';
import type { SlackPeople } from './slack-people.ts';
import type { Transactions } from './transaction.ts';
import type { Uploads } from './uploads.ts';
import type { Waits } from './waits.ts';

/** The stores that most functions need. */
export type CommonStores = {
  readonly transactions: Transactions;
  readonly promotions: PromotionStore;
  readonly drive: PromotionDrive;
  readonly tokens: TaskTokens;
  readonly heads: HeadStore;
  readonly deployments: DeploymentStore;
  readonly rollUps: RollUps;
  readonly catalog: CatalogStore;
  readonly evidence: EvidenceStore;
  readonly directory: Directory;
  readonly answers: Answers;
  readonly denials: Denials;
  readonly changes: ChangeLog;
  readonly observations: Observations;
  readonly openings: Openings;
  readonly nodes: NodeStore;
  readonly nodeSweep: NodeSweep;
  readonly salts: Salts;
  readonly waits: Waits;
  readonly versions: ArtifactVersions;
  readonly uploads: Uploads;
  readonly flagKeyUses: FlagKeyUses;
};

/** What bearer secrets open; only functions that answer people at pages, or write to them, have it. */
export type Doors = { readonly sessions: Sessions; readonly links: Links };
/** The stores of notifications alone. */
export type NotificationStores = {
  readonly deliveries: Deliveries;
  readonly rests: Rests;
  readonly slackPeople: SlackPeople;
  readonly slackMessages: SlackMessages;
};

/** Every store, as one table (or one memory) provides them: what one writes, the others read. */
export type Stores = CommonStores & NotificationStores;
