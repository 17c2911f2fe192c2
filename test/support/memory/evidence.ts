import {
  aboutKey,
  documentKey,
  evidenceKey,
  promotionKey,
  providerAnswerKey,
  retiredKey,
  watchListKey,
} from '../../../functions/adapters/dynamodb/keys.ts';
import type { Digest } from '../../../functions/domain/digest.ts';
import type { Evidence } from '../../../functions/domain/gates/evidence.ts';
import { evidenceDigest } from '../../../functions/domain/gates/judge-gate.ts';
import type { EvidenceStore } from '../../../functions/ports/evidence-store.ts';
import type { KeptWatchList, Memory } from './memory-map.ts';
import { pageOf } from './paging.ts';
import { creation, type Prepared, type WriteOf } from './prepared.ts';

export function memoryEvidence(memory: Memory): EvidenceStore {
  return {
    async watchList(tenant, subject) {
      const { version, waiting } = watchListOf(memory, tenant, subject);
      return { version, waiting: [...waiting].sort() };
    },
    async about(tenant, subject, gates) {
      const all = memory.evidence.partition(aboutKey(tenant, subject));
      return all.filter(({ gate }) => gates === undefined || gates.includes(gate));
    },
    async retired(tenant, subject, digests) {
      return digests.flatMap((digest) => memory.retired.get(retiredKey(tenant, subject, digest)) ?? []);
    },
    async latestAnswers(tenant, promotion, gates) {
      const all = answersOf(memory, tenant, promotion);
      return gates.flatMap((gate) => all.filter(({ evidence }) => evidence.gate === gate).slice(-1));
    },
    answers: async (tenant, promotion) => answersOf(memory, tenant, promotion),
    document: async (tenant, document) => memory.documents.get(documentKey(tenant, document)),
    async withWork(page) {
      const all = memory.watchLists.all().filter(({ work }) => work);
      const found = pageOf(all, ({ tenant, subject }) => `${tenant}#${subject}`, page);
      return { ...found, items: found.items.map(({ tenant, subject }) => ({ tenant, subject })) };
    },
    async clearWork({ tenant, subject }, version) {
      const watchList = watchListOf(memory, tenant, subject);
      if (watchList.version !== version) return false;
      memory.watchLists.set(watchListKey(tenant, subject), { ...watchList, work: false });
      return true;
    },
  };
}

export function evidenceWrite(memory: Memory, tenant: string, write: WriteOf<'evidence'>): Prepared {
  const { evidence, document, retires = [] } = write;
  const { subject_digest, document_digest } = evidence;
  const digest = evidenceDigest(evidence);
  const others = retires.filter((one) => evidenceDigest(one) !== digest);
  const [cells, key] =
    others.length < retires.length
      ? [memory.retired, retiredPlace(tenant, evidence)]
      : [memory.evidence, keptPlace(tenant, evidence)];
  const kept = watchListKey(tenant, subject_digest);
  const at = documentKey(tenant, document_digest);
  const moved = others.flatMap((one) => [keptPlace(tenant, one), retiredPlace(tenant, one)]);
  return {
    keys: [key, kept, ...moved, ...(document === undefined ? [] : [at])],
    holds: cells.get(key) === undefined,
    apply() {
      cells.set(key, evidence);
      for (const one of others) {
        memory.evidence.delete(keptPlace(tenant, one));
        memory.retired.set(retiredPlace(tenant, one), one);
      }
      if (document !== undefined) memory.documents.set(at, document);
      const watchList = watchListOf(memory, tenant, subject_digest);
      memory.watchLists.set(kept, { ...watchList, version: watchList.version + 1, work: true });
    },
  };
}

const retiredPlace = (tenant: string, evidence: Evidence) =>
  retiredKey(tenant, evidence.subject_digest, evidenceDigest(evidence));

function keptPlace(tenant: string, evidence: Evidence) {
  const { subject_digest, gate, received_at } = evidence;
  return evidenceKey(tenant, subject_digest, { gate, received_at, digest: evidenceDigest(evidence) });
}

export function providerAnswerWrite(
  memory: Memory,
  tenant: string,
  { promotion_id, answer, document }: WriteOf<'provider_answer'>,
): Prepared {
  const { number, evidence } = answer;
  const made = creation(
    memory.providerAnswers,
    providerAnswerKey(tenant, promotion_id, evidence.gate, number),
    answer,
  );
  if (document === undefined) return made;
  const at = documentKey(tenant, evidence.document_digest);
  return {
    keys: [...made.keys, at],
    holds: made.holds,
    apply() {
      made.apply();
      memory.documents.set(at, document);
    },
  };
}

export function watchWrite(memory: Memory, tenant: string, write: WriteOf<'watch'>): Prepared {
  const { subject_digest, seen, promotion_id } = write;
  const key = watchListKey(tenant, subject_digest);
  return {
    keys: [key],
    holds: watchListOf(memory, tenant, subject_digest).version === seen,
    apply() {
      const watchList = watchListOf(memory, tenant, subject_digest);
      const waiting = [...new Set([...watchList.waiting, promotion_id])];
      memory.watchLists.set(key, { ...watchList, waiting });
    },
  };
}

export function unwatchWrite(memory: Memory, tenant: string, write: WriteOf<'unwatch'>): Prepared {
  const { subject_digest, promotion_ids } = write;
  const key = watchListKey(tenant, subject_digest);
  return {
    keys: [key],
    holds: true,
    apply() {
      const watchList = watchListOf(memory, tenant, subject_digest);
      const waiting = watchList.waiting.filter((id) => !promotion_ids.includes(id));
      memory.watchLists.set(key, { ...watchList, waiting });
    },
  };
}

function answersOf(memory: Memory, tenant: string, promotion: string) {
  return memory.providerAnswers.partition(promotionKey(tenant, promotion).PK);
}

function watchListOf(memory: Memory, tenant: string, subject: Digest): KeptWatchList {
  const none = { tenant, subject, version: 0, waiting: [], work: false };
  return memory.watchLists.get(watchListKey(tenant, subject)) ?? none;
}
