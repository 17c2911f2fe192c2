import { matchesFilter, type PromotionFilter } from '../../domain/promotion/filter.ts';
import type { PromotionState } from '../../domain/promotion/state.ts';
import { tookPart } from '../../domain/promotion/taking-part.ts';
import type { Page, PageRequest } from '../../ports/page.ts';
import type { OpenPage, PlacedPromotion } from '../../ports/promotion-store.ts';
import { type Item, item, text } from './item.ts';
import { promotionKey, promotionOf } from './keys.ts';
import { aliasPartition } from './keys-alias.ts';
import {
  type ListedStatus,
  listOf,
  namedPartition,
  type Part,
  partPartition,
  promotionsPartition,
  statusPartition,
  TRAIT,
  trait,
} from './keys-promotion.ts';
import { readEvents } from './promotion-events.ts';
import { queryAll, queryPage, type Range, readMany } from './read.ts';
import { storedPromotion } from './stored-promotion.ts';
import type { Table } from './table.ts';

/** Rounds of calls that one page may take: as long as they find nothing, a page goes on. */
const ROUNDS = 5;
/** Keys that a filtered page which found something may look at, some 40 in a read unit: most of them it means. */
const KEYS = 180;
/** Promotions in one batch of reads. */
const BATCH = 100;
/** Keys of one list in a call, at least: where a page is made of many lists. */
const LEAST = 10;
/** Keys in the first call, and fewer where they are looked at between those of others: five lists more. */
const FIRST = 100;
const BETWEEN = 50;
/** Keys in each later call of a page that found nothing yet. */
const WIDE = 1_000;

type List = Pick<Range, 'partition' | 'index' | 'sort'>;
/** A promotion in a list: its sort key there, and its item. */
type Place = { readonly sort: string; readonly key: Item };

/** A page of promotions, newest first, by the shortest lists that have all that the filter means; empty with a `next` only after `ROUNDS`. */
export async function listPromotions(
  table: Table,
  tenant: string,
  filter: PromotionFilter,
  { limit, after }: PageRequest,
): Promise<Page<PromotionState>> {
  const lists = await listsOf(table, tenant, filter);
  const all = lists.some(({ partition }) => partition === promotionsPartition(tenant));
  const others = all ? othersThan(tenant, filter) : [];
  const filtered = Object.values(filter).some((wanted) => wanted !== undefined);
  const items: PromotionState[] = [];
  // Whom a name means was a round.
  let rounds = filter.requester === undefined && filter.person === undefined ? ROUNDS : ROUNDS - 1;
  let position = begin(filter, after);
  for (let [width, keys] = [others.length > 0 ? BETWEEN : FIRST, KEYS]; ; ) {
    const page = await merged(table, lists, position, filtered ? width : limit);
    rounds -= 1;
    const { places, ends } = since(filter, page);
    const meant = places.filter(({ sort }) => mayMatch(sort, filter));
    const passed = (place: Place | undefined) => place && places[places.indexOf(place) - 1]?.sort;
    if (others.length > 0 && meant.length > 0 && rounds < 2)
      return { items, next: passed(meant[0]) ?? position };
    if (others.length > 0 && meant.length > 0) rounds -= 1;
    const left = await between(table, others, meant);
    const candidates = meant.filter(({ sort }) => !left.has(sort));
    const found = await matching(table, candidates, filter, { most: limit - items.length, rounds });
    items.push(...found.items);
    rounds -= found.rounds;
    if (found.read < candidates.length) {
      const next = candidates[found.read - 1]?.sort ?? passed(candidates[0]) ?? position;
      return { items, next };
    }
    if (ends) return { items };
    position = places.at(-1)?.sort ?? position;
    keys -= page.looked;
    if (rounds === 0 || items.length === limit || (items.length > 0 && keys <= 0))
      return { items, next: position };
    width = items.length === 0 ? WIDE : Math.min(keys, width);
  }
}

/**
 * The next open promotions, newest first, each with its place: for walks through all of them. A page looks at as many as its limit, at once;
 * what a filter does not mean is left out.
 */
export async function walkOpen(
  table: Table,
  tenant: string,
  filter: PromotionFilter,
  { limit, after, late }: OpenPage,
): Promise<Page<PlacedPromotion>> {
  const lists = [ofGsi4(statusPartition(tenant, 'open'))];
  const page = await merged(table, lists, begin(filter, after), limit);
  const { places, ends } = since(filter, page);
  const meant = places.filter(({ sort }) => mayMatch(sort, filter));
  const batches = Array.from({ length: Math.ceil(meant.length / BATCH) }, (_, n) =>
    meant.slice(n * BATCH, (n + 1) * BATCH),
  );
  const from = late ? { ...table, late } : table;
  const read = await Promise.all(batches.map((batch) => statesAt(from, batch)));
  const items = read.flat().filter(({ state }) => matchesFilter(state, filter));
  const next = places.at(-1)?.sort;
  return ends || next === undefined ? { items } : { items, next };
}

/** Where a list begins: what was requested later is passed over. */
const begin = ({ requested_before = '~' }: PromotionFilter, after = '~'): string =>
  requested_before < after ? requested_before : after;

/** The places of a page that a filter's first instant allows, and whether no other follows. */
function since({ requested_from = '' }: PromotionFilter, { places, more }: Merged) {
  const wanted = places.filter(({ sort }) => sort >= requested_from);
  return { places: wanted, ends: !more || wanted.length < places.length };
}

/** Which of some promotions a filter means: as many as asked, in so many rounds; `read` says how many were looked at. */
async function matching(
  table: Table,
  candidates: readonly Place[],
  filter: PromotionFilter,
  { most, rounds }: { readonly most: number; readonly rounds: number },
): Promise<{ readonly items: readonly PromotionState[]; readonly read: number; readonly rounds: number }> {
  const items: PromotionState[] = [];
  let [read, used] = [0, 0];
  while (read < candidates.length && used < rounds) {
    const batch = candidates.slice(read, read + (used === 0 ? most : BATCH));
    const states = await statesAt(table, batch);
    used += 1;
    const untold = states.filter(({ state }) => isUntold(state, filter));
    if (untold.length > 0 && used === rounds) break;
    if (untold.length > 0) used += 1;
    const told = await tookPartIn(table, untold, filter);
    for (const { state, at } of states) {
      if (matchesFilter(state, filter) || told.has(at)) items.push(state);
      if (items.length === most)
        return { items, read: candidates.findIndex(({ sort }) => sort === at) + 1, rounds: used };
    }
    read += batch.length;
  }
  return { items, read, rounds: used };
}

/** The promotions at some places, as far as they are there. */
async function statesAt(table: Table, places: readonly Place[]): Promise<readonly PlacedPromotion[]> {
  const stored = await readMany(
    table,
    places.map(({ key }) => key),
  );
  return places.flatMap(({ sort }, index) => {
    const found = stored[index];
    return found === undefined ? [] : [{ state: storedPromotion(found).state, at: sort }];
  });
}

/** Whether all but the person is what a filter means, so that the history has to tell of the person. */
function isUntold(state: PromotionState, filter: PromotionFilter): boolean {
  const { person, ...others } = filter;
  return person !== undefined && matchesFilter(state, others) && !matchesFilter(state, { person });
}

/** Which of some promotions, by their places, name a filter's person in their history. */
async function tookPartIn(
  table: Table,
  places: readonly PlacedPromotion[],
  { person = '' }: PromotionFilter,
): Promise<ReadonlySet<string>> {
  const told = await Promise.all(
    places.map(async ({ state, at }) => {
      const events = await readEvents(table, state.tenant, state.id);
      return tookPart(state, events, person) ? [at] : [];
    }),
  );
  return new Set(told.flat());
}

/** The lists of what has none of the statuses asked for: where the list of all is read, their keys tell what not to read. */
function othersThan(tenant: string, { statuses }: PromotionFilter): readonly List[] {
  const asked = statuses?.map(listOf);
  const others = asked === undefined ? [] : LISTED.filter((list) => !asked.includes(list));
  return others.map((list) => ofGsi4(statusPartition(tenant, list)));
}
const LISTED: readonly ListedStatus[] = ['open', 'rejected', 'cancelled', 'failed', 'rolled_back'];

/** The sort keys that some lists have from the first to the last of some places. */
async function between(
  table: Table,
  lists: readonly List[],
  places: readonly Place[],
): Promise<ReadonlySet<string>> {
  const [first, last] = [places[0], places.at(-1)];
  if (first === undefined || last === undefined) return new Set();
  const range = { from: last.sort, until: first.sort };
  const found = await Promise.all(lists.map((list) => queryAll(table, { ...list, ...range })));
  return new Set(found.flat().map((each) => text(each, 'GSI1SK')));
}

type Merged = { readonly places: readonly Place[]; readonly looked: number; readonly more: boolean };

/** The next places of all lists together, each once; what a list keeps back comes after its last, so the order is known up to there. */
async function merged(table: Table, lists: readonly List[], after: string, width: number): Promise<Merged> {
  const limit = lists.length === 1 ? width : Math.max(LEAST, Math.ceil(width / lists.length));
  const pages = await Promise.all(
    lists.map((list) => queryPage(table, { ...list, newestFirst: true, limit, after })),
  );
  const known = pages
    .flatMap(({ items, more }) => (more ? items.slice(-1) : []))
    .map((last) => text(last, 'GSI1SK'))
    .reduce((latest, sort) => (sort > latest ? sort : latest), '');
  const found = new Map<string, Place>();
  for (const each of pages.flatMap(({ items }) => items)) {
    const sort = text(each, 'GSI1SK');
    const ref = promotionOf(text(each, 'PK'));
    if (ref !== undefined && sort >= known)
      found.set(sort, { sort, key: item(promotionKey(ref.tenant, ref.id)) });
  }
  const places = [...found.values()].sort((a, b) => (a.sort < b.sort ? 1 : -1));
  const looked = pages.reduce((sum, { items }) => sum + items.length, 0);
  return { places, looked, more: pages.some(({ more }) => more) };
}

/** Whether the promotion at a sort key may be one that a filter means; only its item tells for sure. */
function mayMatch(sort: string, filter: PromotionFilter): boolean {
  const { kind, subject_name, source_environment, target_environment, target_environments, environment } =
    filter;
  const own = sort.slice(sort.lastIndexOf('#') + 1);
  const has = (text: string | undefined, ...places: readonly number[]): boolean =>
    text === undefined || places.some((place) => own.startsWith(trait(text), place * TRAIT));
  return (
    has(kind, 0) &&
    has(subject_name, 1) &&
    has(source_environment, 2) &&
    has(target_environment, 3) &&
    (target_environments === undefined || target_environments.some((target) => has(target, 3))) &&
    has(environment, 2, 3)
  );
}

async function listsOf(table: Table, tenant: string, filter: PromotionFilter): Promise<readonly List[]> {
  const { statuses, requester, person, subject_name } = filter;
  const byStatus = (statuses ?? ['completed']).map(listOf);
  if (person === undefined && byStatus.every((list) => list === 'open'))
    return [ofGsi4(statusPartition(tenant, 'open'))];
  const somebody = requester ?? person;
  if (somebody !== undefined) {
    const parts: readonly Part[] = requester === undefined ? ['by', 'did'] : ['by'];
    const subjects = await subjectsCalled(table, tenant, somebody);
    return subjects.flatMap((each) => parts.map((part) => ofGsi4(partPartition(tenant, part, each))));
  }
  if (subject_name !== undefined) return [{ partition: namedPartition(tenant, subject_name), index: 'GSI1' }];
  const listed = [...new Set(byStatus)].filter((list) => list !== undefined);
  if (byStatus.includes(undefined)) return [{ partition: promotionsPartition(tenant), index: 'GSI1' }];
  return listed.map((list) => ofGsi4(statusPartition(tenant, list)));
}

const ofGsi4 = (partition: string): List => ({ partition, index: 'GSI4', sort: 'GSI1SK' });

/** Whom a subject id or an e-mail address may mean: itself, and whoever was ever called so. */
async function subjectsCalled(table: Table, tenant: string, called: string): Promise<readonly string[]> {
  const found = await queryAll(table, { partition: aliasPartition(tenant, called), eventually: true });
  return [...new Set([called, ...found.map((each) => text(each, 'SK'))])];
}
