import { useSignal } from '@preact/signals';
import { type ArtifactVersionView, listArtifactVersions } from '../../functions/contract/artifacts.ts';
import { ask } from '../api/client.ts';
import { useData } from '../api/data.ts';
import { iMay } from '../me.ts';
import { Digest } from '../parts/digest.tsx';
import { Icon } from '../parts/icon.tsx';
import type { IconName } from '../parts/icon-name.ts';
import { Empty, Loading, ProblemNote } from '../parts/notes.tsx';
import { Moment, Time } from '../parts/time.tsx';
import type { Tone } from '../words/status.ts';
import { LifecycleForm } from './lifecycle.tsx';

type Lifecycle = ArtifactVersionView['lifecycle'];

const LOOK: {
  readonly [status in Lifecycle['status']]: {
    readonly icon: IconName;
    readonly word: string;
    readonly tone: Tone;
  };
} = {
  active: { icon: 'passed', word: 'Active', tone: 'ok' },
  deprecated: { icon: 'warning', word: 'Deprecated', tone: 'wait' },
  eol: { icon: 'no', word: 'End of life', tone: 'stop' },
};

/** The published versions of an artifact: where each runs, and what its lifecycle says. */
export const Versions = ({ name }: { readonly name: string }) => {
  const opened = useSignal<string | undefined>(undefined);
  const { value, problem, reload } = useData(`versions ${name}`, (signal) =>
    ask(listArtifactVersions, { at: { name }, query: { limit: 50 }, signal }),
  );
  return (
    <section class="sect" aria-label={`Versions of ${name}`}>
      <header>
        <h2>Versions of {name}</h2>
        <p>{value?.next_cursor === null || value === undefined ? 'highest first' : 'the highest 50'}</p>
      </header>
      {problem === undefined ? undefined : <ProblemNote problem={problem} retry={reload} />}
      {value === undefined ? (
        problem === undefined ? (
          <Loading />
        ) : undefined
      ) : value.items.length === 0 ? (
        <Empty title="No version is published" />
      ) : (
        <ul class="rows">
          {value.items.map((version) => (
            <Version
              key={version.version}
              version={version}
              open={opened.value === version.version}
              toggle={() => {
                opened.value = opened.value === version.version ? undefined : version.version;
              }}
              saved={() => {
                opened.value = undefined;
                reload();
              }}
            />
          ))}
        </ul>
      )}
    </section>
  );
};

const Version = ({
  version: { artifact, version, digest, environments, lifecycle, published_at, published_by },
  open,
  toggle,
  saved,
}: {
  readonly version: ArtifactVersionView;
  readonly open: boolean;
  readonly toggle: () => void;
  readonly saved: () => void;
}) => {
  const { icon, word, tone } = LOOK[lifecycle.status];
  return (
    <li data-row>
      <div class="row">
        <span class="grow">
          <b>{version}</b> <Digest of={digest} />{' '}
          <span class={`st ${tone}`}>
            <Icon name={icon} />
            {word}
          </span>
          <br />
          <span class="sec">
            {environments.length === 0 ? 'runs nowhere' : `runs in ${environments.join(', ')}`}; published{' '}
            <Time at={published_at} /> by {published_by.email}
            <LifecycleSaid lifecycle={lifecycle} />
          </span>
        </span>
        {iMay('manage_catalog') ? (
          <span class="btns">
            <button type="button" class="btn" aria-expanded={open} onClick={toggle}>
              Lifecycle<span class="sr"> of {version}</span>
            </button>
          </span>
        ) : undefined}
      </div>
      {open ? (
        <LifecycleForm artifact={artifact} version={version} saved={saved} leave={toggle} />
      ) : undefined}
    </li>
  );
};

/** The dates, whether they have come or not, and what to use instead. */
const LifecycleSaid = ({ lifecycle }: { readonly lifecycle: Lifecycle }) => {
  const { deprecated_at, eol_at, replacement, reason } = lifecycle;
  if (deprecated_at === null && eol_at === null) return null;
  return (
    <>
      <br />
      {deprecated_at === null ? undefined : (
        <>
          deprecated from <Moment at={deprecated_at} />.{' '}
        </>
      )}
      {eol_at === null ? undefined : (
        <>
          End of life at <Moment at={eol_at} />.{' '}
        </>
      )}
      {replacement === null ? undefined : `Use ${replacement} instead. `}
      {reason}
    </>
  );
};
