import type { Signal } from '@preact/signals';
import { KINDS } from '../../functions/domain/subject.ts';
import { Icon } from '../parts/icon.tsx';
import { count } from '../words/status.ts';
import { type Filter, isSet, isStopped, type Row } from './rows.ts';

const TABS = { config: 'Config', artifact: 'Artifacts', agent: 'Agents' } as const;

/** What narrows the matrix: a kind, words, and what is wrong. */
export const FilterBar = ({
  rows,
  shown,
  filter,
}: {
  readonly rows: readonly Row[];
  readonly shown: number;
  readonly filter: Signal<Filter>;
}) => {
  const set = (change: Partial<Filter>) => {
    filter.value = { ...filter.value, ...change };
  };
  const toggles = [
    { only: 'moving', name: 'Moving', fits: rows.filter(({ group }) => group === 'moving').length },
    {
      only: 'uneven',
      name: 'Out of level',
      fits: rows.filter((row) => row.cells.some((c, at) => at > 0 && !c.same)).length,
    },
    { only: 'stopped', name: 'Blocked', fits: rows.filter(isStopped).length },
  ] as const;
  return (
    <search class="filter">
      <div class="q1">
        <Icon name="search" />
        <input
          class="in"
          type="search"
          aria-label="Filter subjects"
          placeholder="Name, version, gateway or digest"
          value={filter.value.text}
          onInput={({ currentTarget }) => set({ text: currentTarget.value })}
        />
      </div>
      {KINDS.map((kind) => (
        <Toggle
          key={kind}
          name={TABS[kind]}
          number={rows.filter((row) => row.kind === kind).length}
          pressed={filter.value.kind === kind}
          press={(on) => set({ kind: on ? kind : undefined })}
        />
      ))}
      {toggles.map(({ only, name, fits }) => (
        <Toggle
          key={only}
          name={name}
          number={fits}
          pressed={filter.value.only === only}
          press={(on) => set({ only: on ? only : undefined })}
        />
      ))}
      <span class="end" role="status">
        {isSet(filter.value)
          ? `${shown} of ${count(rows.length, 'subject')}`
          : `All ${count(rows.length, 'subject')}`}
      </span>
    </search>
  );
};

/** A switch with the number of what it leaves. */
export const Toggle = ({
  name,
  number,
  pressed,
  press,
}: {
  readonly name: string;
  readonly number: number;
  readonly pressed: boolean;
  readonly press: (on: boolean) => void;
}) => (
  <button type="button" class="tog" aria-pressed={pressed} onClick={() => press(!pressed)}>
    {name} <b>{number.toLocaleString('en')}</b>
  </button>
);
