import type { Digest } from '../../domain/digest.ts';
import { evidenceDigest } from '../../domain/gates/judge-gate.ts';
import type { EvidenceStore } from '../../ports/evidence-store.ts';
import { aboutKey, docketKey, documentKey, evidenceKey } from '../dynamodb/keys.ts';
import type { KeptDocket, Memory } from './cells.ts';
import { pageOf } from './paging.ts';
import type { Prepared, WriteOf } from './prepared.ts';

export function memoryEvidence(memory: Memory): EvidenceStore {
  return {
    async docket(tenant, subject) {
      const { version, waiting } = docketOf(memory, tenant, subject);
      return { version, waiting: [...waiting].sort() };
    },
    async about(tenant, subject, gates) {
      const all = memory.evidence.partition(aboutKey(tenant, subject));
      return all.filter(({ gate }) => gates === undefined || gates.includes(gate));
    },
    document: async (tenant, document) => memory.documents.get(documentKey(tenant, document)),
    async withWork(page) {
      const all = memory.dockets.all().filter(({ work }) => work);
      const found = pageOf(all, ({ tenant, subject }) => `${tenant}#${subject}`, page);
      return { ...found, items: found.items.map(({ tenant, subject }) => ({ tenant, subject })) };
    },
    async clearWork({ tenant, subject }, version) {
      const docket = docketOf(memory, tenant, subject);
      if (docket.version !== version) return false;
      memory.dockets.set(docketKey(tenant, subject), { ...docket, work: false });
      return true;
    },
  };
}

export function evidenceWrite(memory: Memory, tenant: string, write: WriteOf<'evidence'>): Prepared {
  const { evidence, document } = write;
  const { subject_digest, gate, received_at, document_digest } = evidence;
  const key = evidenceKey(tenant, subject_digest, { gate, received_at, digest: evidenceDigest(evidence) });
  const kept = docketKey(tenant, subject_digest);
  const at = documentKey(tenant, document_digest);
  return {
    keys: document === undefined ? [key, kept] : [key, kept, at],
    holds: memory.evidence.get(key) === undefined,
    apply() {
      memory.evidence.set(key, evidence);
      if (document !== undefined) memory.documents.set(at, document);
      const docket = docketOf(memory, tenant, subject_digest);
      memory.dockets.set(kept, { ...docket, version: docket.version + 1, work: true });
    },
  };
}

export function watchWrite(memory: Memory, tenant: string, write: WriteOf<'watch'>): Prepared {
  const { subject_digest, seen, promotion_id } = write;
  const key = docketKey(tenant, subject_digest);
  return {
    keys: [key],
    holds: docketOf(memory, tenant, subject_digest).version === seen,
    apply() {
      const docket = docketOf(memory, tenant, subject_digest);
      const waiting = [...new Set([...docket.waiting, promotion_id])];
      memory.dockets.set(key, { ...docket, waiting });
    },
  };
}

export function unwatchWrite(memory: Memory, tenant: string, write: WriteOf<'unwatch'>): Prepared {
  const { subject_digest, promotion_ids } = write;
  const key = docketKey(tenant, subject_digest);
  return {
    keys: [key],
    holds: true,
    apply() {
      const docket = docketOf(memory, tenant, subject_digest);
      const waiting = docket.waiting.filter((id) => !promotion_ids.includes(id));
      memory.dockets.set(key, { ...docket, waiting });
    },
  };
}

function docketOf(memory: Memory, tenant: string, subject: Digest): KeptDocket {
  const none = { tenant, subject, version: 0, waiting: [], work: false };
  return memory.dockets.get(docketKey(tenant, subject)) ?? none;
}
