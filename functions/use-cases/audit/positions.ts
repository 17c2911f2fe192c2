import { CHANGES } from '../../domain/audit/change.ts';
import { FIRST_PLACE } from '../../domain/audit/checkpoint.ts';
import { isId } from '../../domain/ids.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';
import type { Head } from '../../domain/subject.ts';
import type { Page, PageRequest } from '../../ports/page.ts';
import type { Deps } from '../deps.ts';

/**
 * Where a scan over all chains of a tenant stands: `promotions <position>`, then `heads <environment> <position>` for each environment
 * that ever was, by name, then the changes. Behind `qa` comes `qa~`: the chains of those that had the name before.
 */
export const PROMOTIONS = FIRST_PLACE;
export const HEADS = 'heads';

export const asked = (limit: number, after: string | undefined): PageRequest =>
  after === undefined || after === '' ? { limit } : { limit, after };

/** A position of such a scan in its words; refused (`invalid_request`) when it is none. */
export function wordsOf(position: string): readonly string[] | Refusal {
  const [part, environment = '', ...rest] = position.split(' ');
  const known = part === PROMOTIONS || part === CHANGES || (part === HEADS && isPlace(environment));
  return known && rest.length <= (part === HEADS ? 1 : 0) ? position.split(' ') : noPosition();
}

const FORMER = '~';

/** Whether a word stands for the chains of an environment, or of those that had its name before. */
export const isPlace = (word: string): boolean => isId(nameAt(word));

/** The name of an environment, by its place in a scan. */
export const nameAt = (place: string): string => (place.endsWith(FORMER) ? place.slice(0, -1) : place);

/** A page of the heads that a place of a scan has. */
export function headsAt(
  { heads }: Pick<Deps, 'heads'>,
  tenant: string,
  place: string,
  page: PageRequest,
): Promise<Page<Head>> {
  const name = nameAt(place);
  return name === place ? heads.inEnvironment(tenant, name, page) : heads.former(tenant, name, page);
}

export const noPosition = (): Refusal =>
  refuse('invalid_request', 'cursor is not a cursor of this list: leave it out to begin again', {
    errors: [{ field: 'cursor', problem: 'is not a cursor of this list' }],
  });

/** The environments of a tenant that a scan goes through, by name; read once, and only where it comes to them. */
export type Environments = () => Promise<readonly string[]>;

/**
 * The environments that a tenant has, and those that it had: what ran in a deleted one stays in the record, and the chain of changes names
 * it. The chain is read last, since deleting an environment appends to it.
 */
export function everyEnvironment(
  deps: Pick<Deps, 'catalog' | 'changes'>,
  tenant: string,
  named: (tenant: string) => Promise<readonly string[]> = async () =>
    (await environmentsNamed(deps, tenant)).names,
): Environments {
  let read: Promise<readonly string[]> | undefined;
  const all = async () => {
    const present = (await deps.catalog.all(tenant, 'environment')).map(({ name }) => name);
    return [...new Set([...present, ...(await named(tenant))])].sort();
  };
  return () => {
    read ??= all();
    return read;
  };
}

/** Changes in one read of the chain. */
const READ = 100;

/** The environments that the chain of changes names after a change, with those that may have had their names before, and the last change that was read. */
export async function environmentsNamed(
  { changes }: Pick<Deps, 'changes'>,
  tenant: string,
  after = 0,
): Promise<{ readonly names: readonly string[]; readonly seq: number }> {
  const names = new Set<string>();
  let seq = after;
  for (;;) {
    const read = await changes.after(tenant, seq, READ);
    for (const { action, target } of read) {
      if (target.type !== 'environment' || !isId(target.id)) continue;
      names.add(target.id);
      // It may have been made under a name that others had.
      if (action === 'create') names.add(`${target.id}${FORMER}`);
    }
    const last = read.at(-1);
    if (last === undefined) return { names: [...names], seq };
    seq = last.seq;
  }
}

/** Where the heads of the environment after this one begin, by name; after the last the changes. */
export async function firstHeads(environments: Environments, after = ''): Promise<string> {
  const next = (await environments()).find((name) => name > after);
  return next === undefined ? CHANGES : `${HEADS} ${next}`;
}
