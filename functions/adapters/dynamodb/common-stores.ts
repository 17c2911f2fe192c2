import type { CommonStores } from '../../ports/stores.ts';
import { dynamoAnswers } from './answers.ts';
import { dynamoArtifactVersions } from './artifact-versions.ts';
import { dynamoCatalogStore } from './catalog-store.ts';
import { dynamoChangeLog } from './change-log.ts';
import { dynamoSalts } from './chunking-keys.ts';
import { dynamoDenials } from './denials.ts';
import { dynamoDeploymentStore } from './deployment-store.ts';
import { dynamoDirectory } from './directory.ts';
import { dynamoEvidenceStore } from './evidence-store.ts';
import { dynamoFlagKeyUses } from './flag-key-uses.ts';
import { dynamoHeadStore } from './head-store.ts';
import { dynamoLogNews } from './log-news.ts';
import { dynamoNodeStore } from './node-store.ts';
import { dynamoNodeSweep } from './node-sweep.ts';
import { dynamoObservations } from './observations.ts';
import { dynamoPromotionStore } from './promotion-store.ts';
import { dynamoRollUps } from './roll-ups.ts';
import type { Table } from './table.ts';
import { dynamoTaskTokens } from './task-tokens.ts';
import { dynamoTimelines } from './timelines.ts';
import { dynamoTransactions } from './transactions.ts';
import { dynamoUnblockRecords } from './unblock-records.ts';
import { dynamoUploads } from './uploads.ts';
import { dynamoWaits } from './waits.ts';
import { dynamoWorkflowRecords } from './workflow-records.ts';

/** The stores over one table that most functions need; `now` judges whether a idempotency record has expired. */
export function dynamoCommonStores(table: Table, now?: () => string): CommonStores {
  // Loaded by what runs by the clock alone.
  const cursors = async () => (await import('./cursors.ts')).dynamoCursors(table);
  return {
    transactions: dynamoTransactions(table, now),
    promotions: dynamoPromotionStore(table),
    workflowRecords: dynamoWorkflowRecords(table),
    tokens: dynamoTaskTokens(table),
    heads: dynamoHeadStore(table),
    deployments: dynamoDeploymentStore(table),
    rollUps: dynamoRollUps(table),
    timelines: dynamoTimelines(table),
    catalog: dynamoCatalogStore(table),
    evidence: dynamoEvidenceStore(table),
    directory: dynamoDirectory(table),
    answers: dynamoAnswers(table),
    denials: dynamoDenials(table),
    changes: dynamoChangeLog(table),
    observations: dynamoObservations(table),
    unblockRecords: dynamoUnblockRecords(table),
    nodes: dynamoNodeStore(table, now === undefined ? Date.now : () => Date.parse(now())),
    nodeSweep: dynamoNodeSweep(table),
    chunkingKeys: dynamoSalts(table),
    waits: dynamoWaits(table),
    versions: dynamoArtifactVersions(table),
    uploads: dynamoUploads(table),
    flagKeyUses: dynamoFlagKeyUses(table),
    logNews: dynamoLogNews(table),
    cursors: {
      read: async (scan) => (await cursors()).read(scan),
      write: async (scan, position) => (await cursors()).write(scan, position),
    },
  };
}
