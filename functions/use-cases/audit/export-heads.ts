import { headChain } from '../../domain/audit/checkpoint.ts';
import type { ExportItem } from '../../domain/audit/export-item.ts';
import { isId } from '../../domain/ids.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { KINDS, type Slot } from '../../domain/subject.ts';
import type { Page, PageRequest } from '../../ports/page.ts';
import type { Deps } from '../deps.ts';
import { everyEnvironment, firstHeads, HEADS, headsAt, isPlace, nameAt, noPosition } from './positions.ts';

type HeadDeps = Pick<Deps, 'heads' | 'catalog' | 'changes'>;

/** First word of a position within a chain: `chain <place> <kind> <name> <gateway> <first revision> <where the next head is> <incarnation>`. */
export const CHAIN = 'chain';
/** A word for what is not there: no id is so short and has such a character. */
const NONE = '*';

/** A page of the chains of an environment's heads: several whole ones, or the beginning of one that has more than `revisions`. */
export async function headsFrom(
  deps: HeadDeps,
  asking: {
    readonly tenant: string;
    readonly environment: string;
    readonly page: PageRequest;
    readonly revisions: number;
  },
): Promise<Page<ExportItem>> {
  const { tenant, environment, page, revisions } = asking;
  const several = await headsAt(deps, tenant, environment, page);
  const length = several.items.reduce((sum, { revision }) => sum + revision, 0);
  const one = several.items.length > 1 && length > revisions;
  const found = one ? await headsAt(deps, tenant, environment, { ...page, limit: 1 }) : several;
  const [only, ...others] = found.items;
  if (only !== undefined && others.length === 0 && only.revision > revisions) {
    return chunk(deps, { tenant, environment, slot: only.slot, first: 1, after: found.next }, revisions);
  }
  const chains = await Promise.all(
    found.items.map(({ slot, revision }) => entries(deps, { tenant, slot, first: 1 }, revision)),
  );
  return { items: chains.flat(), next: await nextHeads(deps, { tenant, environment, after: found.next }) };
}

/** The next page of a chain at a position within it. Refuses `invalid_request` a position that is none. */
export async function restOf(
  deps: HeadDeps,
  tenant: string,
  position: string,
  revisions: number,
): Promise<Page<ExportItem> | Refusal> {
  const place = placeOf(position);
  return place === undefined ? noPosition() : chunk(deps, { tenant, ...place }, revisions);
}

/** Where a scan stands within a chain; `after`: where the heads after its own begin, in the same environment. */
type Place = {
  readonly environment: string;
  readonly slot: Slot;
  readonly first: number;
  readonly after: string | undefined;
};
type Inside = Place & { readonly tenant: string };

async function chunk(deps: HeadDeps, inside: Inside, limit: number): Promise<Page<ExportItem>> {
  const { tenant, environment, slot, first, after } = inside;
  const items = await entries(deps, inside, limit);
  if (items.length === limit)
    return { items, next: positionOf({ environment, slot, first: first + limit, after }) };
  return { items, next: await nextHeads(deps, { tenant, environment, after }) };
}

async function entries(
  deps: Pick<Deps, 'heads'>,
  { tenant, slot, first }: Pick<Inside, 'tenant' | 'slot' | 'first'>,
  limit: number,
): Promise<readonly ExportItem[]> {
  const chain = headChain(slot);
  const revisions = limit === 0 ? [] : await deps.heads.revisionsFrom(tenant, slot, first, limit);
  return revisions.map((revision) => ({ chain, revision }));
}

async function nextHeads(
  deps: Pick<Deps, 'catalog' | 'changes'>,
  {
    tenant,
    environment,
    after,
  }: { readonly tenant: string; readonly environment: string; readonly after: string | undefined },
): Promise<string> {
  if (after !== undefined) return `${HEADS} ${environment} ${after}`;
  return firstHeads(everyEnvironment(deps, tenant), environment);
}

function positionOf({ environment, slot, first, after = NONE }: Place): string {
  const { subject, gateway = NONE, incarnation } = slot;
  const words = [CHAIN, environment, subject.kind, subject.name, gateway, first, after];
  return [...words, ...(incarnation === undefined ? [] : [incarnation])].join(' ');
}

function placeOf(position: string): Place | undefined {
  const [, environment = '', kind = '', name = '', gateway = '', first = '', after = '', again, ...more] =
    position.split(' ');
  const known = KINDS.find((each) => each === kind);
  const sound = isPlace(environment) && isId(name) && (gateway === NONE || isId(gateway)) && after !== '';
  const numbers = [first, again ?? '1'].every((each) => NUMBER.test(each));
  if (known === undefined || !sound || !numbers || more.length > 0) return undefined;
  const slot = {
    subject: { kind: known, name },
    environment: nameAt(environment),
    ...(gateway === NONE ? {} : { gateway }),
    ...(again === undefined ? {} : { incarnation: Number(again) }),
  };
  return { environment, slot, first: Number(first), after: after === NONE ? undefined : after };
}

const NUMBER = /^[1-9][0-9]{0,11}$/;
