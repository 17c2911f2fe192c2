import type { Stores } from '../../ports/stores.ts';
import { dynamoCommonStores } from './common-stores.ts';
import { dynamoNotificationStores } from './notification-stores.ts';
import { dynamoAnswers } from './answers.ts';
import { dynamoCatalogStore } from './catalog-store.ts';
import { dynamoChangeLog } from './change-log.ts';
import { dynamoDeliveries } from './deliveries.ts';
import { dynamoDenials } from './denials.ts';
import { dynamoDeploymentStore } from './deployment-store.ts';
import { dynamoDirectory } from './directory.ts';
import { dynamoEntryIds } from './entry-ids.ts';
import { dynamoEvidenceStore } from './evidence-store.ts';
import { dynamoHeadStore } from './head-store.ts';
import { dynamoNodeStore } from './node-store.ts';
import { dynamoNodeSweep } from './node-sweep.ts';
import { dynamoOpenings } from './openings.ts';
import { dynamoPromotionDrive } from './promotion-drive.ts';
import { dynamoPromotionStore } from './promotion-store.ts';
import { dynamoRests } from './rests.ts';
import { dynamoSalts } from './salts.ts';
import { dynamoSlackMessages } from './slack-messages.ts';
import { dynamoSlackPeople } from './slack-people.ts';
import type { Table } from './table.ts';

/** Every store over one table; `now` judges whether a kept answer has expired. Functions load what they need of them. */
export function dynamoStores(table: Table, now?: () => string): Stores {
  return { ...dynamoCommonStores(table, now), ...dynamoNotificationStores(table) };
  return {
    transactions: dynamoTransactions(table, now),
    promotions: dynamoPromotionStore(table),
    drive: dynamoPromotionDrive(table),
    tokens: dynamoTaskTokens(table),
    heads: dynamoHeadStore(table),
    deployments: dynamoDeploymentStore(table),
    catalog: dynamoCatalogStore(table),
    evidence: dynamoEvidenceStore(table),
    directory: dynamoDirectory(table),
    answers: dynamoAnswers(table),
    denials: dynamoDenials(table),
    changes: dynamoChangeLog(table),
    deliveries: dynamoDeliveries(table),
    rests: dynamoRests(table),
    openings: dynamoOpenings(table),
    nodes: dynamoNodeStore(table, now === undefined ? Date.now : () => Date.parse(now())),
    nodeSweep: dynamoNodeSweep(table),
    entryIds: dynamoEntryIds(table),
    salts: dynamoSalts(table),
    slackPeople: dynamoSlackPeople(table),
    slackMessages: dynamoSlackMessages(table),
  };
}
