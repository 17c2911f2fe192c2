import type { Signal } from '@preact/signals';
import { differenceOf } from '../../functions/domain/link/difference.ts';
import { Icon } from '../parts/icon.tsx';
import type { IconName } from '../parts/icon-name.ts';
import { textOf } from '../parts/value.tsx';
import { pathTo } from '../router.ts';
import { type Difference, nameOf } from './differences.ts';

const OPERATION: {
  readonly [O in Difference['operation']]: {
    readonly icon: IconName;
    readonly tone: string;
    readonly word: string;
  };
} = {
  added: { icon: 'plus', tone: 'ok', word: 'added' },
  modified: { icon: 'edit', tone: 'move', word: 'modified' },
  removed: { icon: 'minus', tone: 'stop', word: 'deleted' },
  owned: { icon: 'owned', tone: 'hold', word: 'owned by target' },
};

/** What is picked: names of differences. */
export type Picked = ReadonlySet<string>;

/** The keys that differ, side by side; each that may move can be picked. */
export const Comparison = ({
  lines,
  source,
  target,
  picked,
}: {
  readonly lines: readonly Difference[];
  readonly source: string;
  readonly target: string;
  readonly picked: Signal<Picked>;
}) => {
  const movable = lines.filter(({ operation }) => operation !== 'owned').map(nameOf);
  const all = movable.length > 0 && movable.every((name) => picked.value.has(name));
  const pick = (names: readonly string[], on: boolean) => {
    const rest = [...picked.value].filter((name) => !names.includes(name));
    picked.value = new Set(on ? [...rest, ...names] : rest);
  };
  return (
    <div role="table" aria-label="Keys that differ">
      <div role="rowgroup">
        <div class="cmp h two-sides" role="row">
          <div role="columnheader">
            <input
              type="checkbox"
              aria-label={`Pick all ${movable.length} keys that can move`}
              checked={all}
              onChange={({ currentTarget }) => pick(movable, currentTarget.checked)}
            />
          </div>
          <div role="columnheader">Key</div>
          <div role="columnheader">
            <b>{source}</b>
          </div>
          <div role="columnheader">
            <b>{target}</b>
          </div>
        </div>
      </div>
      <div role="rowgroup">
        {lines.map((line) => {
          const name = nameOf(line);
          return (
            <Row
              key={name}
              line={line}
              source={source}
              target={target}
              on={picked.value.has(name)}
              pick={(on) => pick([name], on)}
            />
          );
        })}
      </div>
    </div>
  );
};

const Row = ({
  line,
  source,
  target,
  on,
  pick,
}: {
  readonly line: Difference;
  readonly source: string;
  readonly target: string;
  readonly on: boolean;
  readonly pick: (on: boolean) => void;
}) => {
  const { icon, tone, word } = OPERATION[line.operation];
  const owned = line.operation === 'owned';
  return (
    <div class={`cmp two-sides ${on ? 'on' : ''} ${owned ? 'ow' : ''}`} role="row" data-row>
      <div role="cell">
        {owned ? (
          <span class="sr">stays</span>
        ) : (
          <input
            type="checkbox"
            aria-label={`Promote ${line.key}`}
            checked={on}
            onChange={({ currentTarget }) => pick(currentTarget.checked)}
          />
        )}
      </div>
      <div role="rowheader">
        <span class="ky">
          <a class="q" href={pathTo('config', source)}>
            {line.key}
          </a>
        </span>
        <span class={`op xs ${tone}`}>
          <Icon name={icon} tone="s" /> {line.flag ? 'flag ' : ''}
          {word}
        </span>
      </div>
      <div role="cell">
        <span class="lbl">{source}</span>
        <span>{owned ? <Own /> : <Side of={line.source} against={line.target} mark="ins" />}</span>
      </div>
      <div role="cell">
        <span class="lbl">{target}</span>
        <span>
          {owned ? `${target} owns this key` : <Side of={line.target} against={line.source} mark="del" />}
        </span>
      </div>
    </div>
  );
};

const Own = () => <span class="mut">never promoted</span>;

/** A value beside the one that it is compared with: what differs is marked, long values are cut around it. */
const Side = ({
  of,
  against,
  mark,
}: {
  readonly of: unknown;
  readonly against: unknown;
  readonly mark: 'ins' | 'del';
}) => {
  if (of === undefined) return <span class="mut">absent</span>;
  const Mark = mark;
  const text = textOf(of);
  if (against === undefined || text.length <= WHOLE) return <Mark>{short(text)}</Mark>;
  const { cutBefore, before, from, after, cutAfter } = differenceOf(text, textOf(against));
  return (
    <>
      {cutBefore > 0 ? '…' : ''}
      {before}
      {from === '' ? undefined : <Mark>{from}</Mark>}
      {after}
      {cutAfter > 0 ? '…' : ''}
    </>
  );
};

/** Values up to this length are marked as a whole: parts of a word say little. */
const WHOLE = 40;

/** Characters of a value that has nothing to be compared with. */
const SHOWN = 120;
const short = (text: string): string => (text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text);
