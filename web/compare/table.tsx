import type { Signal } from '@preact/signals';
import { differenceOf } from '../../functions/domain/link/difference.ts';
import { Flag } from '../parts/flag.tsx';
import { Icon } from '../parts/icon.tsx';
import type { IconName } from '../parts/icon-name.ts';
import { textOf } from '../parts/value.tsx';
import { pathTo } from '../router.ts';
import { flagInWords } from '../words/flag.ts';
import { type Difference, type Differences, nameOf } from './differences.ts';

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
  agreed,
  picked,
}: {
  readonly lines: readonly Difference[];
  readonly source: string;
  readonly target: string;
  /** The revision that both last held; absent: they are compared with each other alone. */
  readonly agreed: Differences['agreed'];
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
        <div class={agreed === undefined ? 'cmp h two-sides' : 'cmp h'} role="row">
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
          {agreed === undefined ? undefined : (
            <div role="columnheader">
              <b>last agreed</b>
              rev {agreed.revision} of {agreed.environment}
            </div>
          )}
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
              three={agreed !== undefined}
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
  three,
  on,
  pick,
}: {
  readonly line: Difference;
  readonly source: string;
  readonly target: string;
  /** Whether what was agreed has a place. */
  readonly three: boolean;
  readonly on: boolean;
  readonly pick: (on: boolean) => void;
}) => {
  const { icon, tone, word } = OPERATION[line.operation];
  const owned = line.operation === 'owned';
  return (
    <div
      class={`cmp ${three ? '' : 'two-sides'} ${on ? 'on' : ''} ${owned ? 'ow' : ''} ${line.changedIn === 'both' ? 'cf' : ''}`}
      role="row"
      data-row
    >
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
        <ChangedBy line={line} source={source} target={target} />
      </div>
      <div role="cell">
        <span class="lbl">{source}</span>
        <span>
          <Held line={line} of={line.source} against={line.target} mark="ins" />
        </span>
      </div>
      {three ? (
        <div class="base" role="cell">
          <span class="lbl">last agreed</span>
          <span>
            {line.flag && line.agreed !== undefined ? <Flag of={line.agreed} /> : <Plain of={line.agreed} />}
          </span>
        </div>
      ) : undefined}
      <div role="cell">
        <span class="lbl">{target}</span>
        <span>
          <Held line={line} of={line.target} against={line.source} mark="del" />
        </span>
      </div>
    </div>
  );
};

/** Which side moved, in words: colour says it only where both did. */
const ChangedBy = ({
  line: { changedIn },
  source,
  target,
}: {
  readonly line: Difference;
  readonly source: string;
  readonly target: string;
}) =>
  changedIn === undefined ? undefined : (
    <span class={changedIn === 'both' ? 'xs t-stop' : 'xs sec'}>
      {changedIn === 'both' ? <Icon name="conflict" tone="s" /> : undefined}{' '}
      {changedIn === 'both' ? 'changed in both' : `changed in ${changedIn === 'source' ? source : target}`}
    </span>
  );

/** What a side holds of a key: flags in words where those tell the sides apart, anything else as it is, marked where it differs. */
const Held = ({
  line: { operation, flag },
  of,
  against,
  mark,
}: {
  readonly line: Difference;
  readonly of: unknown;
  readonly against: unknown;
  readonly mark: 'ins' | 'del';
}) => {
  const words = flag ? flagInWords(of)?.says : undefined;
  if (words !== undefined && words !== flagInWords(against)?.says) return <Flag of={of} />;
  if (operation === 'owned') return <Plain of={of} />;
  return <Side of={of} against={against} mark={mark} />;
};

const Plain = ({ of }: { readonly of: unknown }) =>
  of === undefined ? <span class="mut">absent</span> : short(textOf(of));

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
