import type { OverviewView } from '../../functions/contract/overview.ts';
import type { IconName } from '../parts/icon-name.ts';
import { pathTo } from '../paths.ts';
import { titleOf, told } from '../words/promotion.ts';
import { statusLook } from '../words/status.ts';

/** Something that the search leads to. */
export type Place = {
  readonly group: 'Promotions' | 'Subjects' | 'Environments' | 'Pages';
  readonly icon: IconName;
  readonly name: string;
  /** What tells it from others of the same name. */
  readonly says: string;
  readonly to: string;
};

/** Places of one group that are offered: who wants others writes more. */
export const MOST = 6;

/** What the search looks through beside the pages. Promotions are the open ones, and one that was asked for by its id. */
export type Known = Pick<OverviewView, 'environments' | 'subjects' | 'promotions'>;

/** The pages by their names, with the words that people look for them by. */
const PAGES: readonly (readonly [to: string, name: string, words: string])[] = [
  ['/', 'Flow', 'matrix what runs where home'],
  ['/web/promotions', 'Promotions', 'approve waiting open'],
  ['/web/compare', 'Compare', 'difference promote keys configuration'],
  ['/web/config', 'Configuration and flags', 'edit config keys values'],
  ['/web/delivery', 'Delivery', 'deployments dora metrics lead time'],
  ['/web/drift', 'Drift', 'behind observed out of band'],
  ['/web/audit', 'Audit', 'log proof verify record history'],
  ['/web/environments', 'Environments', 'pipeline gates lock'],
  ['/web/calendar', 'Freezes', 'calendar freeze window'],
  ['/web/settings/rules', 'Rules and policies', 'approval approvers separation of duties'],
  ['/web/settings/waiting', 'Waiting changes', 'pending confirm second admin'],
  ['/web/settings/people', 'People and machines', 'members roles keys access groups'],
  ['/web/settings/channels', 'Channels', 'notifications slack mail webhook'],
  ['/web/settings/registries', 'Registries', 'oci acr images'],
  ['/web/settings/artifacts', 'Artifacts', 'versions tags lifecycle retention consumers'],
  ['/docs', 'Guides and API', 'help documentation openapi'],
];

/**
 * Where a text leads: each of its words is somewhere in what is found. Names that begin with the text come first; of each group come the
 * first `MOST`.
 */
export function placesFor(text: string, known: Known | undefined): readonly Place[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  const begins = text.trim().toLowerCase();
  return [
    ...best(known?.promotions ?? [], begins, words, promotionPlace),
    ...best(known?.subjects ?? [], begins, words, subjectPlace),
    ...best(known?.environments ?? [], begins, words, environmentPlace),
    ...best(PAGES, begins, words, pagePlace),
  ];
}

type Candidate = { readonly place: Place; readonly text: string };

function best<T>(
  all: readonly T[],
  begins: string,
  words: readonly string[],
  of: (one: T) => Candidate,
): readonly Place[] {
  const first: Place[] = [];
  const rest: Place[] = [];
  for (const one of all) {
    const { place, text } = of(one);
    const looked = `${place.name} ${text}`.toLowerCase();
    if (!words.every((word) => looked.includes(word))) continue;
    (place.name.toLowerCase().startsWith(begins) ? first : rest).push(place);
    if (first.length === MOST) break;
  }
  return [...first, ...rest].slice(0, MOST);
}

function promotionPlace(promotion: OverviewView['promotions'][number]): Candidate {
  const { id, status, source_environment, subject } = promotion;
  const { icon, word } = statusLook(status);
  return {
    place: {
      group: 'Promotions',
      icon,
      name: titleOf(told(promotion)),
      says: `${word} · ${id}`,
      to: pathTo('promotions', id),
    },
    text: `${id} ${word} ${source_environment} ${subject.kind} ${subject.name}`,
  };
}

function subjectPlace({ kind, name, active }: Known['subjects'][number]): Candidate {
  const versions = new Set(active.map(({ version, revision }) => version ?? `rev ${revision}`));
  const says = [kind, [...versions].slice(0, 3).join(', ')].filter((part) => part !== '').join(' · ');
  return {
    place: { group: 'Subjects', icon: kind, name, says, to: pathTo('subjects', kind, name) },
    text: [
      kind,
      ...versions,
      ...active.map(({ digest, gateway_id }) => `${digest} ${gateway_id ?? ''}`),
    ].join(' '),
  };
}

const environmentPlace = ({
  name,
  aliases,
  protected: guarded,
}: Known['environments'][number]): Candidate => ({
  place: {
    group: 'Environments',
    icon: guarded ? 'lock' : 'next',
    name,
    says: [...aliases, ...(guarded ? ['protected'] : [])].join(', '),
    to: pathTo('environments', name),
  },
  text: aliases.join(' '),
});

const pagePlace = ([to, name, words]: (typeof PAGES)[number]): Candidate => ({
  place: { group: 'Pages', icon: 'next', name, says: '', to },
  text: words,
});

/** The id of a promotion, if the text is one: only then is it worth asking whether there is such a promotion. */
export function promotionIdIn(text: string): string | undefined {
  const id = /^prom-([0-9a-z]{26})$/i.exec(text.trim())?.[1];
  return id === undefined ? undefined : `prom-${id.toUpperCase()}`;
}
