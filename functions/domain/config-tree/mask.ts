import type { Json } from '../jcs.ts';
import { canonicalJson } from '../jcs.ts';
import type { Entry, EntryOf } from './entry.ts';
import { fingerprintOf, type Keyed } from './fingerprint.ts';

/** What stands in place of a sensitive value. Equal values of one key have equal fingerprints; without the tenant's chunking key none can be made. */
export type Mask = { readonly sensitive: true; readonly fingerprint: string };

/** An entry that is not sensitive, or masked. */
export type ShownEntry = EntryOf<false | 'masked'>;

/** Whether an entry is marked as sensitive. */
export function isSensitive(entry: Entry | null): boolean {
  return entry !== null && 'sensitive' in entry && entry.sensitive === true;
}

/** An entry, masked where sensitive. */
export function shownEntry(entry: Entry, keyed: Keyed): ShownEntry {
  return plainEntry(entry) ?? masked(entry, keyed);
}

/** Both sides of a change, masked where sensitive: one sensitive side masks the other, which may hold the same value. */
export function shownSides(
  [before, after]: readonly [Entry | null, Entry | null],
  keyed: Keyed,
): readonly [ShownEntry | null, ShownEntry | null] {
  const hide = isSensitive(before) || isSensitive(after);
  const side = (entry: Entry | null) => {
    if (entry === null) return null;
    return hide ? masked(entry, keyed) : shownEntry(entry, keyed);
  };
  return [side(before), side(after)];
}

/** An entry that needs no mask; `undefined` for a sensitive one. */
export function plainEntry(entry: Entry): ShownEntry | undefined {
  if ('secret_ref' in entry) return entry;
  const { sensitive, ...rest } = entry;
  if (sensitive === undefined) return rest;
  return sensitive ? undefined : { ...rest, sensitive };
}

function masked(entry: Entry, keyed: Keyed): ShownEntry {
  const { kind, key } = entry;
  const maskOf = (what: string, value: Json): Mask => ({
    sensitive: true,
    fingerprint: fingerprintOf(keyed, `${kind}\n${key}\n${what}\n${canonicalJson(value)}`),
  });
  if (kind === 'flag') {
    const { enabled, variants, default_variant, targeting } = entry;
    const hidden = Object.entries(variants).map(([name, value]) => [name, maskOf(`variant ${name}`, value)]);
    return {
      ...{ kind, key, enabled, default_variant, sensitive: 'masked' },
      variants: Object.fromEntries(hidden),
      targeting: targeting === null ? null : maskOf('targeting', targeting),
    };
  }
  if ('secret_ref' in entry) return entry;
  return { kind, key, value: maskOf('value', entry.value), sensitive: 'masked' };
}
