import { linkKey, sessionKey } from '../../../functions/adapters/dynamodb/keys-secret.ts';
import type { Links } from '../../../functions/ports/links.ts';
import type { Sessions } from '../../../functions/ports/sessions.ts';
import type { Memory } from './memory-map.ts';
import type { Prepared, WriteOf } from './prepared.ts';

export function memorySessions(memory: Memory): Sessions {
  return {
    open: async (session) => memory.sessions.set(sessionKey(session.token_hash), session),
    async find(token_hash, now) {
      const found = memory.sessions.get(sessionKey(token_hash));
      return found === undefined || found.expires_at <= now ? undefined : found;
    },
    close: async (token_hash) => memory.sessions.delete(sessionKey(token_hash)),
  };
}

export function memoryLinks(memory: Memory): Links {
  return {
    keep: async (link) => memory.links.set(linkKey(link.token_hash), link),
    find: async (token_hash) => memory.links.get(linkKey(token_hash)),
  };
}

export function linkUseWrite(memory: Memory, { token_hash, use }: WriteOf<'link_use'>): Prepared {
  const key = linkKey(token_hash);
  const link = memory.links.get(key);
  return {
    keys: [key],
    holds: link !== undefined && link.used === undefined,
    apply() {
      if (link !== undefined) memory.links.set(key, { ...link, used: use });
    },
  };
}
