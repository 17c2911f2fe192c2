import type { Key } from '../../../functions/adapters/dynamodb/key-parts.ts';
import { answerKey, denialKey, denialsPartition } from '../../../functions/adapters/dynamodb/keys.ts';
import { digestOfBytes } from '../../../functions/domain/digest.ts';
import type { BearerStores, Stores } from '../../../functions/ports/stores.ts';
import { memoryArtifactVersions, memoryUploads } from './artifacts.ts';
import { memoryBackoffWindows } from './backoff-windows.ts';
import { memoryCatalog } from './catalog-store.ts';
import { memoryChanges } from './change-log.ts';
import { commit } from './commit.ts';
import { memoryNodeSweep, memorySalts } from './config-stores.ts';
import { memoryCursors } from './cursors.ts';
import { memoryDeliveries } from './deliveries.ts';
import { memoryDirectory } from './directory.ts';
import { memoryEvidence } from './evidence.ts';
import { memoryFlagKeyUses } from './flag-key-uses.ts';
import { memoryLogNews } from './log.ts';
import { emptyMemory, type Memory, nameOf } from './memory-map.ts';
import { MemoryNodeStore } from './node-store.ts';
import { memoryObservations } from './observations.ts';
import { pageOf } from './paging.ts';
import { memoryPromotions, memoryTokens, memoryWorkflowRecords } from './promotion-stores.ts';
import { memoryLinks, memorySessions } from './secrets.ts';
import { memorySlackMessages, memorySlackPeople } from './slack.ts';
import {
  memoryDeployments,
  memoryEvaluations,
  memoryHeads,
  memoryRollUps,
  memoryTimelines,
} from './slot-stores.ts';
import { memoryOpenings } from './unblock-records.ts';
import { memoryWaits } from './waits.ts';

const CONTENTS = new WeakMap<object, () => string>();

/** All that a store in memory holds, to the byte. */
export function everythingIn({ promotions }: Pick<Stores, 'promotions'>): string {
  const read = CONTENTS.get(promotions);
  if (read === undefined) throw new Error('only of a store in memory');
  return read();
}

function contentsOf(memory: Memory, nodes: MemoryNodeStore): string {
  const cells = Object.entries(memory).map(([name, map]) => [name, map.everywhere().sort(byKey)]);
  return JSON.stringify([cells, nodes.everything()]);
}

const byKey = (a: { readonly key: Key }, b: { readonly key: Key }): number =>
  nameOf(a.key) < nameOf(b.key) ? -1 : 1;

/** Every store in memory, with the answers and the losses of the table; `now` judges whether a idempotency record has expired. */
export function memoryStore(now = () => new Date().toISOString()): Stores & BearerStores {
  const memory = emptyMemory();
  const nodes = new MemoryNodeStore(() => Date.parse(now()));
  const promotions = memoryPromotions(memory);
  CONTENTS.set(promotions, () => contentsOf(memory, nodes));
  return {
    transactions: { commit: async (tenant, writes) => commit(memory, tenant, writes, now()) },
    promotions,
    workflowRecords: memoryWorkflowRecords(memory),
    cursors: memoryCursors(),
    tokens: memoryTokens(memory),
    heads: memoryHeads(memory),
    deployments: memoryDeployments(memory),
    evaluations: memoryEvaluations(memory),
    rollUps: memoryRollUps(memory),
    timelines: memoryTimelines(memory),
    catalog: memoryCatalog(memory),
    evidence: memoryEvidence(memory),
    directory: memoryDirectory(memory),
    deliveries: memoryDeliveries(memory),
    backoff: memoryBackoffWindows(memory),
    nodes,
    nodeSweep: memoryNodeSweep(nodes),
    chunkingKeys: memorySalts(),
    waits: memoryWaits(),
    versions: memoryArtifactVersions(memory),
    uploads: memoryUploads(memory),
    flagKeyUses: memoryFlagKeyUses(memory),
    logNews: memoryLogNews(memory),
    slackPeople: memorySlackPeople(),
    slackMessages: memorySlackMessages(),
    sessions: memorySessions(memory),
    links: memoryLinks(memory),
    answers: {
      async read(tenant, key, instant) {
        const kept = memory.answers.get(answerKey(tenant, key));
        return kept === undefined || kept.expires_at <= instant ? undefined : kept;
      },
    },
    changes: memoryChanges(memory),
    observations: memoryObservations(memory),
    unblockRecords: memoryOpenings(memory),
    denials: {
      async record(denial) {
        const { tenant, at, actor, action } = denial;
        const fingerprint = digestOfBytes(`${actor.kind}\n${actor.subject}\n${action}`);
        const key = denialKey(tenant, at, fingerprint);
        if (memory.denials.get(key) === undefined) memory.denials.set(key, denial);
      },
      async list(tenant, page) {
        const all = memory.denials.partition(denialsPartition(tenant));
        return pageOf(
          all,
          ({ at, actor, action }) => `${at.slice(0, 16)} ${actor.kind} ${actor.subject} ${action}`,
          page,
          true,
        );
      },
    },
  };
}
