import type { EntryView, NewEntry } from '../../contract/config-entries.ts';
import type { Entry } from '../../domain/config-tree/entry.ts';
import { entryId } from '../../domain/config-tree/entry-id.ts';
import type { Revision } from '../../domain/promotion/subject.ts';

/** An entry as the API shows it. */
export function entryView(tenant: string, entry: Entry): EntryView {
  const { kind, key } = entry;
  const id = entryId(tenant, kind, key);
  if (entry.kind === 'flag') return { id, ...flagView(entry) };
  if ('secret_ref' in entry) return { kind: 'config', id, key, secretRef: entry.secret_ref };
  return { kind: 'config', id, key, value: entry.value };
}

function flagView({ key, enabled, variants, default_variant, targeting }: Extract<Entry, { kind: 'flag' }>) {
  return {
    kind: 'flag' as const,
    key,
    enabled,
    variants: { ...variants },
    defaultVariant: default_variant,
    targeting,
  };
}

/** An entry as `import` takes it. */
export function exportedView(entry: Entry): unknown {
  const { kind, key } = entry;
  if (entry.kind === 'flag') return flagView(entry);
  return 'secret_ref' in entry
    ? { kind, key, secretRef: entry.secret_ref }
    : { kind, key, value: entry.value };
}

/** What an entry holds: the value of a config, the name of a secret, the fields of a flag. */
export function valueView(entry: Entry): unknown {
  if (entry.kind === 'config') return 'secret_ref' in entry ? { secretRef: entry.secret_ref } : entry.value;
  const { kind: _, key: __, ...fields } = flagView(entry);
  return fields;
}

/** An entry as requests give it. */
export function entryOf(given: NewEntry): Entry {
  if (given.kind === 'flag') {
    const { kind, key, enabled, variants, defaultVariant, targeting = null } = given;
    return { kind, key, enabled, variants, default_variant: defaultVariant, targeting };
  }
  const { kind, key } = given;
  return 'secretRef' in given
    ? { kind, key, secret_ref: given.secretRef }
    : { kind, key, value: given.value };
}

export function revisionView({ number, digest, previous, cause, actor, at, changes }: Revision) {
  return {
    revision: number,
    root: digest,
    previous,
    cause: cause.by,
    promotionId: cause.by === 'execute' ? cause.promotion_id : null,
    reason: cause.by === 'edit' ? (cause.reason ?? null) : null,
    actor: { subject: actor.subject, kind: actor.kind },
    at,
    changes: changes === undefined ? null : { ...changes, keys: [...changes.keys] },
  };
}
