import type { EntryView, NewEntry } from '../../contract/config-entry-shapes.ts';
import type { Entry, EntryOf } from '../../domain/config-tree/entry.ts';
import { entryId } from '../../domain/config-tree/entry-id.ts';
import type { ShownEntry } from '../../domain/config-tree/mask.ts';
import type { Revision } from '../../domain/subject.ts';

type AnyEntry = EntryOf<boolean | 'masked'>;

/** An entry as the API shows it: as it was read, so masked where the reader may not see its value. */
export function entryView(tenant: string, entry: AnyEntry): EntryView {
  const { kind, key } = entry;
  const id = entryId(tenant, kind, key);
  if (entry.kind === 'flag') return { id, ...flagView(entry) };
  if ('secret_ref' in entry) return { kind: 'config', id, key, secretRef: entry.secret_ref };
  return { kind: 'config', id, key, value: entry.value, ...markView(entry) };
}

function markView({ sensitive }: { readonly sensitive?: boolean | 'masked' }) {
  return sensitive === undefined ? {} : { sensitive: sensitive !== false };
}

function flagView(flag: Extract<AnyEntry, { kind: 'flag' }>) {
  const { key, enabled, variants, default_variant, targeting } = flag;
  return {
    kind: 'flag' as const,
    key,
    enabled,
    variants: { ...variants },
    defaultVariant: default_variant,
    targeting,
    ...markView(flag),
  };
}

/** An entry as `import` takes it. */
export function exportedView(entry: AnyEntry): unknown {
  const { kind, key } = entry;
  if (entry.kind === 'flag') return flagView(entry);
  return 'secret_ref' in entry
    ? { kind, key, secretRef: entry.secret_ref }
    : { kind, key, value: entry.value, ...markView(entry) };
}

/** What an entry holds, masked where sensitive: the value of a config, the name of a secret, the fields of a flag. */
export function valueView(entry: ShownEntry): unknown {
  if (entry.kind === 'config') return 'secret_ref' in entry ? { secretRef: entry.secret_ref } : entry.value;
  const { kind: _, key: __, ...fields } = flagView(entry);
  return fields;
}

/** An entry as requests give it. */
export function entryOf(given: NewEntry): Entry {
  if (given.kind === 'flag') {
    const { defaultVariant, targeting = null, ...flag } = given;
    return { ...flag, default_variant: defaultVariant, targeting };
  }
  if (!('secretRef' in given)) return given;
  const { kind, key } = given;
  return { kind, key, secret_ref: given.secretRef };
}

export function revisionView({ number, digest, previous, cause, actor, at, changes }: Revision) {
  const { subject, kind, email } = actor;
  return {
    revision: number,
    root: digest,
    previous,
    cause: cause.by,
    promotionId: cause.by === 'execute' ? cause.promotion_id : null,
    reason: cause.by === 'edit' ? (cause.reason ?? null) : null,
    actor: { subject, kind, ...(email === undefined || email === '' ? {} : { email }) },
    at,
    changes: changes === undefined ? null : { ...changes, keys: [...changes.keys] },
  };
}
