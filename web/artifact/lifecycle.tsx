import { useSignal } from '@preact/signals';
import {
  type ArtifactVersionView,
  getArtifactVersion,
  setArtifactLifecycle,
} from '../../functions/contract/artifacts.ts';
import { ask } from '../api/client.ts';
import { useData } from '../api/data.ts';
import type { Problem } from '../api/problem.ts';
import { Loading, ProblemNote } from '../parts/notes.tsx';

type At = { readonly artifact: string; readonly version: string };

/** When a version is deprecated and over, and what to use instead: as it is now, to be changed. */
export const LifecycleForm = ({
  saved,
  leave,
  ...at
}: At & { readonly saved: () => void; readonly leave: () => void }) => {
  const { artifact: name, version } = at;
  const { value, problem, reload } = useData(`lifecycle ${name} ${version}`, async (signal) => {
    const found = await ask(getArtifactVersion, { at: { name, version }, signal });
    return found.ok ? { ok: true, value: { is: found.value.lifecycle, tag: found.etag } } : found;
  });
  if (problem !== undefined) return <ProblemNote problem={problem} retry={reload} />;
  return value === undefined ? (
    <Loading rows={2} />
  ) : (
    <Fields {...at} {...value} saved={saved} leave={leave} />
  );
};

const Fields = ({
  artifact,
  version,
  is,
  tag,
  saved,
  leave,
}: At & {
  readonly is: ArtifactVersionView['lifecycle'];
  readonly tag: string | undefined;
  readonly saved: () => void;
  readonly leave: () => void;
}) => {
  const [deprecated, eol] = [useSignal(localOf(is.deprecated_at)), useSignal(localOf(is.eol_at))];
  const [replacement, reason] = [useSignal(is.replacement ?? ''), useSignal(is.reason ?? '')];
  const wrong = useSignal<Problem | undefined>(undefined);
  const save = async () => {
    const body = {
      ...(deprecated.value === '' ? {} : { deprecated_at: instantOf(deprecated.value, is.deprecated_at) }),
      ...(eol.value === '' ? {} : { eol_at: instantOf(eol.value, is.eol_at) }),
      ...(replacement.value.trim() === '' ? {} : { replacement: replacement.value.trim() }),
      ...(reason.value.trim() === '' ? {} : { reason: reason.value.trim() }),
    };
    const set = await ask(setArtifactLifecycle, { at: { name: artifact, version }, body, ifMatch: tag });
    wrong.value = set.ok ? undefined : set.problem;
    if (set.ok) saved();
  };
  return (
    <form
      class="pad plan"
      aria-label={`Lifecycle of ${version}`}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      {wrong.value === undefined ? undefined : <ProblemNote problem={wrong.value} />}
      <Field id="deprecated" label="Deprecated from, in your time zone" timed value={deprecated} />
      <Field id="eol" label="End of life at" timed value={eol} />
      <Field id="replacement" label="Use instead, a published version" value={replacement} />
      <Field id="lifecycle-reason" label="Reason, everyone sees it" value={reason} />
      <p class="conseq">
        <b>From its end of life on, {version} is promoted only by who acknowledges that.</b>
        What runs keeps running. A field left empty says nothing: with both dates empty the version is active.
      </p>
      <div class="btns">
        <button type="submit" class="btn go">
          Save the lifecycle
        </button>
        <button type="button" class="btn" onClick={leave}>
          Not now
        </button>
      </div>
    </form>
  );
};

const Field = ({
  id,
  label,
  timed = false,
  value,
}: {
  readonly id: string;
  readonly label: string;
  readonly timed?: boolean;
  readonly value: { value: string };
}) => {
  const common = {
    class: 'in',
    id,
    value: value.value,
    onInput: (event: { readonly currentTarget: HTMLInputElement }) => {
      value.value = event.currentTarget.value;
    },
  };
  return (
    <div>
      <label class="f" for={id}>
        {label}
      </label>
      {timed ? (
        <input type="datetime-local" {...common} />
      ) : (
        <input type="text" maxLength={256} {...common} />
      )}
    </div>
  );
};

/** An instant as the field has it: minutes in the person's time zone. */
function localOf(instant: string | null): string {
  if (instant === null) return '';
  const at = new Date(instant);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** What the field says; untouched, the instant as it was, with its seconds. */
const instantOf = (local: string, was: string | null): string =>
  was !== null && localOf(was) === local ? was : new Date(local).toISOString();
