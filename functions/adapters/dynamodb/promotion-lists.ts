import { matchesFilter, type PromotionFilter } from '../../domain/promotion/filter.ts';
import type { PromotionState } from '../../domain/promotion/state.ts';
import type { Page, PageRequest } from '../../ports/page.ts';
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
import { queryAll, queryPage, type Range, readMany } from './read.ts';
import { storedPromotion } from './stored-promotion.ts';
import type { Table } from './table.ts';

/** Keys that one filtered page may look at, some 40 in a read unit, and promotions that it may read: most of them it means. */
const KEYS = 180;
const READS = 100;
/** Keys of one list in a call, at least: where a page is made of many lists. */
const LEAST = 10;
/** Keys that are looked at between those of others: five lists more. */
const BETWEEN = 50;

type List = Pick<Range, 'partition' | 'index' | 'sort'>;
/** A promotion in a list: its sort key there, and its item. */
type Place = { readonly sort: string; readonly key: Item };

/** A page of promotions, newest first, by the shortest lists that have all that the filter means. */
export async function listPromotions(
  table: Table,
  tenant: string,
  filter: PromotionFilter,
  { limit, after }: PageRequest,
): Promise<Page<PromotionState>> {
  const { requested_from = '', requested_before = '~' } = filter;
  const lists = await listsOf(table, tenant, filter);
  const all = lists.some(({ partition }) => partition === promotionsPartition(tenant));
  const others = all ? othersThan(tenant, filter) : [];
  const filtered = Object.values(filter).some((wanted) => wanted !== undefined);
  const items: PromotionState[] = [];
  let position = after === undefined || requested_before < after ? requested_before : after;
  for (let [keys, reads] = [KEYS, READS]; keys > 0; ) {
    const width = others.length > 0 ? BETWEEN : 100;
    const page = await merged(table, lists, position, filtered ? Math.min(keys, width) : limit);
    const places = page.places.filter(({ sort }) => sort >= requested_from);
    const ends = !page.more || places.length < page.places.length;
    const meant = places.filter(({ sort }) => mayMatch(sort, filter));
    const left = await between(table, others, meant);
    const candidates = meant.filter(({ sort }) => !left.has(sort));
    const found = await matching(table, candidates, filter, { most: limit - items.length, reads });
    items.push(...found.items);
    if (found.until !== undefined) {
      const last = ends && found.until === candidates.at(-1)?.sort;
      return last ? { items } : { items, next: found.until };
    }
    if (ends) return { items };
    keys -= page.looked;
    reads -= candidates.length;
    position = places.at(-1)?.sort ?? position;
    if (others.length > 0 && items.length === 0) break;
  }
  return { items, next: position };
}

/** Which of some promotions a filter means; `until` names the last that was read, where there were as many as asked or too many to read. */
async function matching(
  table: Table,
  candidates: readonly Place[],
  filter: PromotionFilter,
  { most, reads }: { readonly most: number; readonly reads: number },
): Promise<{ readonly items: readonly PromotionState[]; readonly until?: string }> {
  const items: PromotionState[] = [];
  for (
    let [begin, width] = [0, most];
    begin < candidates.length;
    [begin, width] = [begin + width, 2 * width]
  ) {
    width = Math.min(width, reads - begin, 100);
    const read = candidates.slice(begin, begin + width);
    const stored = await readMany(
      table,
      read.map(({ key }) => key),
    );
    for (const [index, { sort }] of read.entries()) {
      const found = stored[index];
      if (found !== undefined) {
        const { state } = storedPromotion(found);
        if (matchesFilter(state, filter)) items.push(state);
      }
      if (items.length === most || begin + index + 1 === reads) return { items, until: sort };
    }
  }
  return { items };
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

/** The next places of all lists together, each once; what a list keeps back comes after its last, so the order is known up to there. */
async function merged(
  table: Table,
  lists: readonly List[],
  after: string,
  width: number,
): Promise<{ readonly places: readonly Place[]; readonly looked: number; readonly more: boolean }> {
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
  const { kind, subject_name, source_environment, target_environment, environment } = filter;
  const own = sort.slice(sort.lastIndexOf('#') + 1);
  const has = (text: string | undefined, ...places: readonly number[]): boolean =>
    text === undefined || places.some((place) => own.startsWith(trait(text), place * TRAIT));
  return (
    has(kind, 0) &&
    has(subject_name, 1) &&
    has(source_environment, 2) &&
    has(target_environment, 3) &&
    has(environment, 2, 3)
  );
}

async function listsOf(table: Table, tenant: string, filter: PromotionFilter): Promise<readonly List[]> {
  const { statuses, requester, person, subject_name } = filter;
  const byStatus = (statuses ?? ['completed']).map(listOf);
  if (byStatus.every((list) => list === 'open')) return [ofGsi4(statusPartition(tenant, 'open'))];
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
