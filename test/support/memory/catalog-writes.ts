import { catalogKey } from '../../../functions/adapters/dynamodb/keys.ts';
import {
  assertRises,
  countedBy,
  environmentWritten,
  ImpossibleWrite,
} from '../../../functions/adapters/dynamodb/write-rules.ts';
import type { Environment } from '../../../functions/domain/catalog/environment.ts';
import type { CatalogItem, Write } from '../../../functions/ports/transaction.ts';
import type { Memory } from './memory-map.ts';
import { type Prepared, removal, replacement, type WriteOf } from './prepared.ts';

export function catalogWrite(memory: Memory, tenant: string, write: WriteOf<'catalog'>): Prepared {
  const { entry, expected } = write;
  const id = idOf(entry);
  assertRises(`${entry.type} ${id}`, expected, entry.item.version);
  const key = catalogKey(tenant, entry.type, id);
  switch (entry.type) {
    case 'environment':
      return replacement(memory.environment, key, guarded(memory, tenant, entry.item), expected);
    case 'rule':
      return replacement(memory.rule, key, entry.item, expected);
    case 'policy':
      return replacement(memory.policy, key, entry.item, expected);
    case 'gateway':
      return replacement(memory.gateway, key, entry.item, expected);
    case 'registry':
      return replacement(memory.registry, key, entry.item, expected);
    case 'flag_key':
      return replacement(memory.flag_key, key, entry.item, expected);
    case 'consumer':
      return replacement(memory.consumer, key, entry.item, expected);
    case 'artifact_settings':
      return replacement(memory.artifact_settings, key, entry.item, expected);
    case 'channel':
      return replacement(memory.channel, key, entry.item, expected);
    case 'freeze':
      return replacement(memory.freeze, key, entry.item, expected);
    case 'pending_change':
      return replacement(memory.pending_change, key, entry.item, expected);
    default:
      return entry satisfies never;
  }
}

export function catalogRemoval(memory: Memory, tenant: string, write: WriteOf<'catalog_delete'>): Prepared {
  const key = catalogKey(tenant, write.type, write.id);
  const prepared = removal(memory[write.type], key, write.expected);
  return {
    ...prepared,
    apply() {
      prepared.apply();
      if (write.type === 'environment') memory.occupancies.delete(key);
    },
  };
}

/** What a commit does to environments as a whole. */
export type Guards = {
  /** Those that it writes or removes itself. */
  readonly written: ReadonlySet<string>;
  readonly raised: Set<string>;
  readonly counted: Set<string>;
  readonly writes: readonly Write[];
};

export function guardsOf(writes: readonly Write[]): Guards {
  const written = new Set(writes.flatMap(environmentWritten));
  return { written, raised: new Set(), counted: new Set(), writes };
}

/** Checks a guard, or raises it once per commit, and counts what is filled; an environment that the commit writes has raised its own. */
export function guardWrite(
  memory: Memory,
  tenant: string,
  write: WriteOf<'check_guard'> | WriteOf<'raise_guard'>,
  { written, raised, counted, writes }: Guards,
): Prepared {
  const { environment } = write;
  const key = catalogKey(tenant, 'environment', environment);
  const own = written.has(environment);
  const stored = memory.environment.get(key);
  if (own && write.write === 'check_guard') {
    throw new ImpossibleWrite(`checks the guard of ${environment} and writes it`);
  }
  return {
    keys: [],
    holds: write.write === 'check_guard' ? stored?.guard === write.guard : own || stored !== undefined,
    apply() {
      if (own || stored === undefined) return;
      if (!counted.has(environment)) {
        counted.add(environment);
        const before = memory.occupancies.get(key) ?? { heads: 0, fills: 0, moves: 0 };
        const more = countedBy(writes, environment);
        memory.occupancies.set(key, {
          heads: before.heads + more.heads,
          fills: before.fills + more.fills,
          moves: before.moves + more.moves,
        });
      }
      if (write.write === 'check_guard' || raised.has(environment)) return;
      raised.add(environment);
      memory.environment.set(key, { ...stored, guard: stored.guard + 1 });
    },
  };
}

/** No slot of the environment was filled since. */
export function occupancyCheck(memory: Memory, tenant: string, write: WriteOf<'check_occupancy'>): Prepared {
  const key = catalogKey(tenant, 'environment', write.environment);
  const { fills } = memory.occupancies.get(key) ?? { fills: 0 };
  return { keys: [], holds: fills === write.fills, apply: () => {} };
}

/** A stored environment's guard only rises; a new one brings its own. */
function guarded(memory: Memory, tenant: string, environment: Environment): Environment {
  const stored = memory.environment.get(catalogKey(tenant, 'environment', environment.name));
  return stored === undefined ? environment : { ...environment, guard: stored.guard + 1 };
}

function idOf(entry: CatalogItem): string {
  return entry.type === 'environment' ? entry.item.name : entry.item.id;
}
