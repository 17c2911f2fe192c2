import { answerKey, denialKey, denialsPartition } from '../../../functions/adapters/dynamodb/keys.ts';
import { digestOfBytes } from '../../../functions/domain/digest.ts';
import type { Doors, Stores } from '../../../functions/ports/stores.ts';
import { memoryArtifactVersions, memoryUploads } from './artifacts.ts';
import { memoryCatalog } from './catalog-store.ts';
import { emptyMemory } from './cells.ts';
import { memoryChanges } from './change-log.ts';
import { commit } from './commit.ts';
import { memoryNodeSweep, memorySalts } from './config-stores.ts';
import { memoryDeliveries } from './deliveries.ts';
import { memoryDirectory } from './directory.ts';
import { memoryEvidence } from './evidence.ts';
import { memoryFlagKeyUses } from './flag-key-uses.ts';
import { MemoryNodeStore } from './node-store.ts';
import { memoryObservations } from './observations.ts';
import { memoryOpenings } from './openings.ts';
import { pageOf } from './paging.ts';
import { memoryDrive, memoryPromotions, memoryTokens } from './promotion-stores.ts';
import { memoryRests } from './rests.ts';
import { memoryLinks, memorySessions } from './secrets.ts';
import { memorySlackMessages, memorySlackPeople } from './slack.ts';
import { memoryDeployments, memoryHeads, memoryRollUps } from './slot-stores.ts';
import { memoryWaits } from './waits.ts';

/** Every store in memory, with the answers and the losses of the table; `now` judges whether a kept answer has expired. */
export function memoryStore(now = () => new Date().toISOString()): Stores & Doors {
  const memory = emptyMemory();
  const nodes = new MemoryNodeStore(() => Date.parse(now()));
  return {
    transactions: { commit: async (tenant, writes) => commit(memory, tenant, writes, now()) },
    promotions: memoryPromotions(memory),
    drive: memoryDrive(memory),
    tokens: memoryTokens(memory),
    heads: memoryHeads(memory),
    deployments: memoryDeployments(memory),
    rollUps: memoryRollUps(memory),
    catalog: memoryCatalog(memory),
    evidence: memoryEvidence(memory),
    directory: memoryDirectory(memory),
    deliveries: memoryDeliveries(memory),
    rests: memoryRests(memory),
    nodes,
    nodeSweep: memoryNodeSweep(nodes),
    salts: memorySalts(),
    waits: memoryWaits(),
    versions: memoryArtifactVersions(memory),
    uploads: memoryUploads(memory),
    flagKeyUses: memoryFlagKeyUses(memory),
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
    openings: memoryOpenings(memory),
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
