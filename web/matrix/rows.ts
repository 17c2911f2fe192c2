import type { OverviewView } from '../../functions/contract/overview.ts';
import type { PromotionView } from '../../functions/contract/promotion-view.ts';

type Subject = OverviewView['subjects'][number];
type Active = Subject['active'][number];

/** One place of one subject. */
export type Cell = {
  readonly environment: string;
  /** What is active there; of an agent on several gateways the newest. */
  readonly active: Active | undefined;
  /** Gateways there that run something else. */
  readonly others: number;
  /** How high the water stands: 4 where the newest runs, one less for each other content to the right, 0 where nothing does. */
  readonly level: number;
  /** The same content as in the place before it. */
  readonly same: boolean;
  /** The promotion that leads here, the one that a person has to do with first. */
  readonly promotion: PromotionView | undefined;
};

export type Row = {
  readonly key: string;
  readonly kind: Subject['kind'];
  readonly name: string;
  readonly cells: readonly Cell[];
  readonly group: 'moving' | 'uneven' | 'level';
  /** Everything that a filter looks through, in lower case. */
  readonly text: string;
};

/** What an active content is called: its version, or else the number of its revision. */
export const labelOf = ({ version, revision }: Active): string => version ?? `rev ${revision}`;

/** The rows of the matrix: subjects in order, each with a cell for every environment. */
export function rowsOf({ environments, subjects, promotions }: OverviewView): readonly Row[] {
  const names = environments.map(({ name }) => name);
  const known = new Set(subjects.map(keyOf));
  // What is promoted for the first time runs in no place that can be read.
  const moving = promotions
    .map(({ subject }): Subject => ({ ...subject, active: [] }))
    .filter((subject) => !known.has(keyOf(subject)));
  const all = [...subjects, ...new Map(moving.map((one) => [keyOf(one), one])).values()];
  const open = Map.groupBy(promotions, ({ subject }) => keyOf(subject));
  return all.map((subject) => rowOf(subject, names, open.get(keyOf(subject)) ?? []));
}

const keyOf = ({ kind, name }: { readonly kind: string; readonly name: string }): string => `${kind}/${name}`;

function rowOf(subject: Subject, names: readonly string[], promotions: readonly PromotionView[]): Row {
  const { kind, name, active } = subject;
  const levels = new Map<string, number>();
  let before: Active | undefined;
  const cells = names.map((environment): Cell => {
    const here = active
      .filter((one) => one.environment === environment)
      .toSorted((a, b) => (a.since < b.since ? 1 : -1));
    const [newest] = here;
    if (newest !== undefined && !levels.has(newest.digest)) {
      levels.set(newest.digest, Math.max(1, 4 - levels.size));
    }
    const cell = {
      environment,
      active: newest,
      others: here.filter(({ digest }) => digest !== newest?.digest).length,
      level: newest === undefined ? 0 : (levels.get(newest.digest) ?? 0),
      same: newest !== undefined && newest.digest === before?.digest,
      promotion: mostPressing(promotions.filter((one) => one.target_environment === environment)),
    };
    before = newest;
    return cell;
  });
  const texts = active.flatMap((one) => [labelOf(one), one.digest, one.gateway_id ?? '']);
  const first = cells.findIndex((cell) => cell.active !== undefined);
  const uneven = cells.slice(first + 1).some((cell) => !cell.same || cell.others > 0);
  return {
    key: keyOf(subject),
    kind,
    name,
    cells,
    group: promotions.length > 0 ? 'moving' : uneven ? 'uneven' : 'level',
    text: [kind, name, ...texts, ...promotions.map(({ id }) => id)].join(' ').toLowerCase(),
  };
}

/** Of several promotions to one place the one that is furthest, as that one moves next. */
const ORDER = ['executing', 'blocked', 'scheduled', 'approved', 'pending'] as const;

function mostPressing(promotions: readonly PromotionView[]): PromotionView | undefined {
  for (const status of ORDER) {
    const found = promotions.find((one) => one.status === status);
    if (found !== undefined) return found;
  }
  return promotions[0];
}

/** Which rows a person wants to see. */
export type Filter = {
  readonly text: string;
  readonly kind: Subject['kind'] | undefined;
  readonly only: 'moving' | 'uneven' | 'stopped' | undefined;
};

/** Whether a filter is set: then groups say nothing. */
export const isSet = ({ text, kind, only }: Filter): boolean =>
  text.trim() !== '' || kind !== undefined || only !== undefined;

/** The rows that a filter leaves: every word of its text is somewhere in them. */
export function filtered(rows: readonly Row[], { text, kind, only }: Filter): readonly Row[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter(
    (row) =>
      (kind === undefined || row.kind === kind) &&
      words.every((word) => row.text.includes(word)) &&
      (only === undefined || ONLY[only](row)),
  );
}

/** Whether something of a row is blocked. */
export const isStopped = ({ cells }: Row): boolean =>
  cells.some(({ promotion }) => promotion?.status === 'blocked');

const ONLY = {
  moving: ({ group }: Row) => group === 'moving',
  uneven: ({ cells }: Row) => cells.some((cell, at) => at > 0 && !cell.same),
  stopped: isStopped,
} as const;
