import type { ComponentChildren } from 'preact';
import { Time } from '../parts/time.tsx';
import { type Impact, sideName } from './words.ts';

/** How far to go back: to before the promotion, to a revision, or only its own changes. */
export type Choice = 'before' | 'alone' | number;

/** The revisions as marks on a gauge: the chosen one lowers the water. */
export const Staff = ({
  impact,
  before,
  choice,
  choose,
  revertable,
}: {
  /** The newest impact that names revisions. */
  readonly impact: Impact | undefined;
  /** The revision before the promotion, as far as it is known. */
  readonly before: number | null | undefined;
  readonly choice: Choice;
  readonly choose: (choice: Choice) => void;
  /** Whether its own changes can go alone. */
  readonly revertable: boolean;
}) => {
  const revisions = impact?.revisions ?? [];
  const chosen = choice === 'before' ? before : choice;
  const listed = revisions.some(({ number }) => number === before);
  return (
    <fieldset class="staff">
      <legend class="sr">How far to go back</legend>
      {impact === undefined ? undefined : (
        <Mark look="now cut" off>
          <b>{sideName(impact.fromVersion, impact.fromRevision)}</b>
          <span class="sm">active now</span>
        </Mark>
      )}
      {listed ? undefined : (
        <Mark
          look={choice === 'before' ? 'pk' : 'cut'}
          on={choice === 'before'}
          choose={() => choose('before')}
        >
          <b>Before this promotion</b>
          <span class="sm">All that was there before it; later changes go as well.</span>
        </Mark>
      )}
      {revisions.map(({ number, version, at }) => (
        <Mark
          key={number}
          look={number === chosen ? 'pk' : typeof chosen === 'number' && number < chosen ? '' : 'cut'}
          on={number === chosen}
          choose={() => choose(number === before ? 'before' : number)}
        >
          <b>{sideName(version, number)}</b>
          <span class="sm">
            {version === null ? undefined : `revision ${number} · `}
            <Time at={at} />
            {number === before ? ' · before this promotion' : undefined}
          </span>
        </Mark>
      ))}
      {revertable ? (
        <Mark
          look={`apart ${choice === 'alone' ? 'pk' : 'cut'}`}
          on={choice === 'alone'}
          choose={() => choose('alone')}
        >
          <b>Only this promotion</b>
          <span class="sm">Its own keys go back; later changes stay.</span>
        </Mark>
      ) : undefined}
    </fieldset>
  );
};

const Mark = ({
  look,
  on = false,
  off = false,
  choose,
  children,
}: {
  readonly look: string;
  readonly on?: boolean;
  readonly off?: boolean;
  readonly choose?: () => void;
  readonly children: ComponentChildren;
}) => (
  <label class={look}>
    <span />
    <input type="radio" name="revision" checked={on} disabled={off} onChange={choose} />
    <span>{children}</span>
  </label>
);
