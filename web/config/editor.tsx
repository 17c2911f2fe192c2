import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { EntryView } from '../../functions/contract/config-entry-shapes.ts';
import type { Problem } from '../api/problem.ts';
import { Icon } from '../parts/icon.tsx';
import { Loading, ProblemNote } from '../parts/notes.tsx';
import { textOf } from '../parts/value.tsx';
import { flagInWords } from '../words/flag.ts';
import { shown } from '../words/hidden.ts';
import { ChangedSince } from './changed-since.tsx';
import { deleteEntry, type Flag, type Kind, readEntry, type Written, writeEntry } from './entries.ts';

type Props = {
  readonly env: string;
  readonly kind: Kind;
  /** Absent: a new entry. */
  readonly entryKey: string | undefined;
  readonly close: (changed: boolean) => void;
};

/** How a text is read: as it stands, or as JSON. */
type Reading = 'text' | 'json';

/** One entry being written. It is read fresh when it is opened, and saved only over what was read. */
export const Editor = ({ env, kind, entryKey, close }: Props) => {
  const key = useSignal(entryKey ?? '');
  const text = useSignal('');
  const reading = useSignal<Reading>(kind === 'flag' ? 'json' : 'text');
  const reason = useSignal('');
  const tag = useSignal<string | undefined>(undefined);
  const problem = useSignal<Problem | undefined>(undefined);
  const ready = useSignal(entryKey === undefined);
  const busy = useSignal(false);
  // What it became while the person wrote; without an entry it was deleted.
  const became = useSignal<{ readonly entry?: EntryView; readonly tag?: string | undefined } | undefined>(
    undefined,
  );
  const take = (entry: EntryView) => {
    reading.value = entry.kind === 'config' && typeof entry.value === 'string' ? 'text' : 'json';
    text.value = written(entry);
  };
  useEffect(() => {
    if (entryKey === undefined) {
      text.value = kind === 'flag' ? FIRST_FLAG : '';
      return;
    }
    void readEntry(env, kind, entryKey).then((found) => {
      if (!found.ok) problem.value = found.problem;
      else if (isSecret(found.value.entry)) problem.value = SECRET;
      else {
        tag.value = found.value.tag;
        take(found.value.entry);
        ready.value = true;
      }
    });
  }, [env, kind, entryKey]);
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (ready.value && entryKey !== undefined) field.current?.focus();
  }, [ready.value, entryKey]);
  const read = readText(kind, reading.value, text.value);
  const wrong = typeof read === 'string' ? read : undefined;
  const off = busy.value || wrong !== undefined || became.value !== undefined;
  const done = async (run: () => ReturnType<typeof writeEntry>) => {
    busy.value = true;
    problem.value = undefined;
    const outcome = await run();
    if (outcome.ok) close(true);
    else if (outcome.problem.status === 412 && entryKey !== undefined) await readAgain(entryKey);
    else problem.value = outcome.problem;
    busy.value = false;
  };
  const readAgain = async (changed: string) => {
    const found = await readEntry(env, kind, changed);
    if (found.ok && isSecret(found.value.entry)) problem.value = SECRET;
    else if (found.ok) became.value = found.value;
    else if (found.problem.status === 404) became.value = {};
    else problem.value = found.problem;
  };
  /** Goes on from what it became: with that, or with what the person wrote. */
  const goOn = (entry: EntryView | undefined) => {
    tag.value = became.value?.tag;
    became.value = undefined;
    if (entry !== undefined) take(entry);
    field.current?.focus();
  };
  const save = () => {
    if (off || typeof read === 'string' || key.value.trim() === '') return;
    void done(() => writeEntry(env, key.value.trim(), read, { tag: tag.value, reason: reason.value.trim() }));
  };
  if (!ready.value) {
    return problem.value === undefined ? (
      <Loading rows={2} />
    ) : (
      <>
        <ProblemNote problem={problem.value} />
        <button type="button" class="btn" onClick={() => close(false)}>
          Close
        </button>
      </>
    );
  }
  return (
    <form
      class="edit wide"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      {problem.value === undefined ? undefined : <ProblemNote problem={problem.value} />}
      {became.value === undefined || entryKey === undefined ? undefined : (
        <ChangedSince
          env={env}
          entryKey={entryKey}
          now={became.value.entry === undefined ? undefined : written(became.value.entry)}
          take={() => goOn(became.value?.entry)}
          keep={() => goOn(undefined)}
        />
      )}
      {entryKey === undefined ? (
        <div>
          <label class="f" for="key">
            Key
          </label>
          <input
            class="in"
            id="key"
            required
            pattern="[A-Za-z0-9][A-Za-z0-9._/\-]*"
            value={key.value}
            onInput={({ currentTarget }) => (key.value = currentTarget.value)}
          />
        </div>
      ) : undefined}
      <div>
        <label class="f" for="value">
          {entryKey ?? (kind === 'flag' ? 'Flag' : 'Value')} in {env},{' '}
          {reading.value === 'text' ? 'as text' : 'as JSON'}
        </label>
        <textarea
          class="in"
          id="value"
          ref={field}
          value={text.value}
          aria-invalid={wrong === undefined ? undefined : 'true'}
          aria-describedby={wrong === undefined ? undefined : 'value-why'}
          onInput={({ currentTarget }) => (text.value = currentTarget.value)}
        />
        {typeof read === 'object' && 'flag' in read ? (
          <p class="sm sec" role="status">
            {flagInWords(read.flag)?.says}
          </p>
        ) : undefined}
        {kind === 'flag' ? undefined : (
          <button
            type="button"
            class="btn bare"
            onClick={() => (reading.value = reading.value === 'text' ? 'json' : 'text')}
          >
            Write it as {reading.value === 'text' ? 'JSON' : 'text'}
          </button>
        )}
      </div>
      <div>
        <label class="f" for="why">
          Why, goes into the record
        </label>
        <input
          class="in"
          id="why"
          maxLength={4000}
          value={reason.value}
          onInput={({ currentTarget }) => (reason.value = currentTarget.value)}
        />
      </div>
      <div class="btns">
        <button type="submit" class="btn go" aria-disabled={off ? 'true' : undefined}>
          Save to {env}
        </button>
        <button type="button" class="btn" onClick={() => close(false)}>
          Discard
        </button>
        {entryKey === undefined ? undefined : (
          <button
            type="button"
            class="btn no"
            aria-disabled={busy.value || became.value !== undefined ? 'true' : undefined}
            onClick={() => {
              if (busy.value || became.value !== undefined) return;
              void done(() =>
                deleteEntry(env, kind, entryKey, { tag: tag.value, reason: reason.value.trim() }),
              );
            }}
          >
            Delete {entryKey}
          </button>
        )}
      </div>
      {wrong === undefined ? undefined : (
        <p class="err t-stop" id="value-why">
          <Icon name="failed" tone="s" /> {wrong}
        </p>
      )}
    </form>
  );
};

/** Whether an entry only names where a secret is kept. */
const isSecret = (entry: EntryView): boolean => entry.kind === 'config' && entry.secretRef !== undefined;

const SECRET: Problem = {
  status: 0,
  code: 'secret',
  title: 'This entry names a secret',
  detail: 'where the secret is kept is set by `sluice config set … --secret-ref`, not here',
};

const FIRST_FLAG =
  '{\n  "enabled": true,\n  "variants": { "on": true, "off": false },\n  "defaultVariant": "off"\n}';

/** An entry as a person edits it. */
function written(entry: EntryView): string {
  if (entry.kind === 'flag') return JSON.stringify(membersOf(entry), null, 2);
  return typeof entry.value === 'string' ? entry.value : JSON.stringify(entry.value, null, 2);
}

/** What a text stands for, or why it stands for nothing. */
function readText(kind: Kind, reading: Reading, text: string): Written | string {
  if (kind === 'config' && reading === 'text') return { value: text };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'This is not JSON. Texts stand in double quotes there.';
  }
  if (kind === 'config') return { value };
  if (typeof value !== 'object' || value === null) return NO_FLAG;
  const { enabled, variants, defaultVariant, targeting }: Partial<Record<string, unknown>> = { ...value };
  if (typeof enabled !== 'boolean' || typeof variants !== 'object' || variants === null) return NO_FLAG;
  if (typeof defaultVariant !== 'string' || !(defaultVariant in variants))
    return 'defaultVariant must name one of the variants.';
  return { flag: { enabled, variants, defaultVariant, ...(targeting === undefined ? {} : { targeting }) } };
}

const NO_FLAG = 'A flag has enabled (true or false), variants (an object) and defaultVariant.';

/** A config as a list shows it: one line, never a secret. */
export function inLine(entry: Extract<EntryView, { readonly kind: 'config' }>): string {
  if (entry.secretRef !== undefined) return `secret ${entry.secretRef}`;
  const [value] = entry.sensitive === undefined ? shown(entry.key, entry.value) : [entry.value];
  const text = textOf(value);
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}

/** A flag as a list shows it: what it holds but for its name, unless that looks like a secret. */
export const flagShown = (entry: Extract<EntryView, { readonly kind: 'flag' }>): unknown =>
  // The name of a flag says nothing of its variants.
  entry.sensitive === undefined ? shown('', membersOf(entry))[0] : membersOf(entry);

/** A flag without its name. */
function membersOf({
  enabled,
  variants,
  defaultVariant,
  targeting,
}: Extract<EntryView, { readonly kind: 'flag' }>): Flag {
  const who = targeting === null || targeting === undefined ? {} : { targeting };
  return { enabled, variants, defaultVariant, ...who };
}
