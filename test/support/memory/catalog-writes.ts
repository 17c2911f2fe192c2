import { catalogKey } from '../../../functions/adapters/dynamodb/keys.ts';
import { assertRises, ImpossibleWrite } from '../../../functions/adapters/dynamodb/write-rules.ts';
import type { Environment } from '../../../functions/domain/catalog/environment.ts';
import type { CatalogItem, Write } from '../../../functions/ports/transaction.ts';
import type { Memory } from './cells.ts';
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
  return removal(memory[write.type], key, write.expected);
}

export type Guards = { readonly written: ReadonlySet<string>; readonly raised: Set<string> };

/** Checks a guard, or raises it once per commit; an environment that the commit writes has raised its own. */
export function guardWrite(
  memory: Memory,
  tenant: string,
  write: WriteOf<'check_guard'> | WriteOf<'raise_guard'>,
  { written, raised }: Guards,
): Prepared {
  const key = catalogKey(tenant, 'environment', write.environment);
  const own = written.has(write.environment);
  const stored = memory.environment.get(key);
  if (write.write === 'check_guard') {
    if (own) throw new ImpossibleWrite(`checks the guard of ${write.environment} and writes it`);
    return { keys: [], holds: stored?.guard === write.guard, apply: () => {} };
  }
  return {
    keys: [],
    holds: own || stored !== undefined,
    apply() {
      if (own || stored === undefined || raised.has(write.environment)) return;
      raised.add(write.environment);
      memory.environment.set(key, { ...stored, guard: stored.guard + 1 });
    },
  };
}

/** The environments that a commit writes or removes itself. */
export function writtenEnvironments(writes: readonly Write[]): Set<string> {
  return new Set(
    writes.flatMap((write) => {
      if (write.write === 'catalog' && write.entry.type === 'environment') return [write.entry.item.name];
      return write.write === 'catalog_delete' && write.type === 'environment' ? [write.id] : [];
    }),
  );
}

/** A stored environment's guard only rises; a new one brings its own. */
function guarded(memory: Memory, tenant: string, environment: Environment): Environment {
  const stored = memory.environment.get(catalogKey(tenant, 'environment', environment.name));
  return stored === undefined ? environment : { ...environment, guard: stored.guard + 1 };
}

function idOf(entry: CatalogItem): string {
  return entry.type === 'environment' ? entry.item.name : entry.item.id;
}
