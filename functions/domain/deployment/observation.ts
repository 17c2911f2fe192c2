import { addDuration } from '../instant.ts';
import type { Head, Slot } from '../subject.ts';

/** What names the content that runs: its digest, of artifacts also the tag, of configuration also the root. */
export type Content = { readonly as: 'digest' | 'image_tag' | 'root'; readonly value: string };

/** What a machine last saw run in a slot. `changed_at` is when it first saw that. */
export type Observation = {
  readonly slot: Slot;
  readonly content: Content;
  readonly observed_at: string;
  readonly changed_at: string;
  readonly received_at: string;
  readonly observed_by: string;
  /** What was seen that nobody recorded, from the first report on; `told` once the channels were asked to tell of it. */
  readonly out_of_band?: OutOfBand & { readonly told: boolean };
  readonly version: number;
};

/** A change that went past Sluice: what runs instead of what is recorded, `null` where nothing is. */
export type OutOfBand = {
  readonly id: string;
  readonly recorded: string | null;
  readonly since: string;
};

/** What an observation says of its slot; `stale`: the slot has changed since, or nobody looked for a day. */
export const STANDINGS = ['as_recorded', 'out_of_band', 'stale', 'unobserved'] as const;
export type Standing = (typeof STANDINGS)[number];

/** An observation is written again after this, though it says nothing new. */
export const REWRITTEN = 'PT10M';
/** Older than this, an observation says nothing of now. */
const FRESH = 'P1D';

/** A slot as recorded: its head, and the label of what is active. */
export type Recorded = { readonly head: Head; readonly version?: string };

/** How an observation stands to the record. While a promotion executes there either may be right. */
export function standingOf(
  observation: Pick<Observation, 'content' | 'observed_at'> | undefined,
  recorded: Recorded | undefined,
  now: string,
): Standing {
  if (observation === undefined) return 'unobserved';
  const { observed_at, content } = observation;
  if (observed_at < addDuration(now, `-${FRESH}`)) return 'stale';
  if (recorded?.head.claim !== undefined) return 'stale';
  if (recorded !== undefined && observed_at < recorded.head.updated_at) return 'stale';
  return recordedAs(content, recorded) === content.value ? 'as_recorded' : 'out_of_band';
}

/** What the record has in the terms of an observation; `null` when nothing is active, or it has no such name. */
export function recordedAs({ as }: Content, recorded: Recorded | undefined): string | null {
  return (as === 'image_tag' ? recorded?.version : recorded?.head.digest) ?? null;
}

/** What to keep of a new report on a slot; `undefined`: there is nothing to write. A report older than the stored one says nothing. */
export function observed(
  before: Observation | undefined,
  seen: Pick<Observation, 'slot' | 'content' | 'observed_at' | 'received_at' | 'observed_by'>,
  recorded: Recorded | undefined,
  idOf: (version: number) => string,
): Observation | undefined {
  if (before !== undefined && seen.observed_at < before.observed_at) return undefined;
  const same = before !== undefined && sameContent(before.content, seen.content);
  const version = (before?.version ?? 0) + 1;
  const out_of_band = outOfBand(same ? before : undefined, seen, recorded, idOf(version));
  const due = before === undefined || seen.observed_at >= addDuration(before.observed_at, REWRITTEN);
  if (same && !due && out_of_band?.id === before.out_of_band?.id) return undefined;
  const changed_at = same ? before.changed_at : seen.observed_at;
  return { ...seen, changed_at, ...(out_of_band === undefined ? {} : { out_of_band }), version };
}

function outOfBand(
  before: Observation | undefined,
  seen: Pick<Observation, 'content' | 'observed_at' | 'received_at'>,
  recorded: Recorded | undefined,
  id: string,
): Observation['out_of_band'] {
  const standing = standingOf(seen, recorded, seen.received_at);
  const known = before?.out_of_band;
  // A look too old to judge by takes nothing back.
  if (standing === 'stale') return known;
  if (standing !== 'out_of_band') return undefined;
  const is = recordedAs(seen.content, recorded);
  if (known !== undefined && known.recorded === is) return known;
  return { id, recorded: is, since: seen.observed_at, told: false };
}

const sameContent = (a: Content, b: Content): boolean => a.as === b.as && a.value === b.value;
