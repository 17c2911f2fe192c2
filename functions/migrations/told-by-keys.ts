import type { ItemKeys, Told } from '../domain/format/judge.ts';

/** Who wrote an item: only format 1, only the code before it, either, or nobody known. */
type Writer = 'first' | 'before' | 'either' | 'foreign';

/** Adds a page of keys to what was told so far. Only for tables without a number: later formats say theirs. */
export function toldBy(told: Told, page: readonly ItemKeys[]): Told {
  const writers = page.map(writerOf);
  const count = (writer: Writer) => writers.filter((each) => each === writer).length;
  const stranger = page[writers.indexOf('foreign')];
  const foreign = told.foreign ?? (stranger === undefined ? undefined : `${stranger.PK} / ${stranger.SK}`);
  return {
    items: told.items + page.length,
    first: told.first + count('first'),
    before: told.before + count('before'),
    ...(foreign === undefined ? {} : { foreign: foreign.slice(0, 200) }),
  };
}

/** What follows `T#<tenant>#` in partition keys that only format 1 wrote. */
const FIRST =
  /^(ENV#|CATALOG#governing$|APPROVERS$|(NAMED|LOG|DAYS|BRANCH|WAITS|FLAGKEYS|ARTIFACT|UPLOAD|REFERRERS|OBSERVED|WEAKENED)#)/;
/** The same of the code before. */
const BEFORE = /^(HEAD#|CATALOG#(rule|policy|freeze)$|ENTRYID#)/;
/** The same of both. */
const EITHER =
  /^(PROMO|OPEN|HOLD|REV|DEP|SUBJECT|DOCUMENT|ATTEMPT|IDEM|CATALOG|MACHINES|CHANNEL|DELIVERIES|DENIALS|NODES|CONFIG|STOPPED|OPENED|CHANGES|SLACKMESSAGE)(#|$)/;
/** Partition keys outside tenants. */
const SHARED = /^(SYS#(TENANTS|CURSORS)$|(MEMBER|PRINCIPAL|LINK|SESSION|SLACK|SLACKMEMBER|SLACKINVITE)#)/;

function writerOf({ PK, GSI1PK = '' }: ItemKeys): Writer {
  if (PK.startsWith('SYS#NEWS#')) return 'first';
  if (SHARED.test(PK)) return 'either';
  const own = withoutTenant(PK);
  if (own === undefined) return 'foreign';
  const listed = withoutTenant(GSI1PK) ?? '';
  // The lists of promotions moved too: by the item of a promotion, an upgrade without this check is seen.
  if (BEFORE.test(own) || listed === 'PROMOS') return 'before';
  if (FIRST.test(own) || listed === 'LIST' || listed.startsWith('LIST#')) return 'first';
  return EITHER.test(own) ? 'either' : 'foreign';
}

const withoutTenant = (key: string): string | undefined => /^T#[^#]+#(.+)$/.exec(key)?.[1];
