import { differenceOf } from '../../functions/domain/link/difference.ts';
import { Editor } from '../config/editor.tsx';
import { Flag } from '../parts/flag.tsx';
import { Icon } from '../parts/icon.tsx';
import type { IconName } from '../parts/icon-name.ts';
import { textOf } from '../parts/value.tsx';
import { pathTo } from '../router.ts';
import { flagInWords } from '../words/flag.ts';
import { type Difference, nameOf } from './difference.ts';

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

/** Which side of a key is being edited: the name of an environment. */
export type Editing = {
  /** Environments in which the person may edit. */
  readonly may: readonly string[];
  readonly open: string | undefined;
  readonly begin: (environment: string) => void;
  readonly end: (changed: boolean) => void;
};

/** One key with what each side holds, and below it the field of the side that is being edited. */
export const Row = ({
  line,
  source,
  target,
  three,
  on,
  pick,
  editing,
}: {
  readonly line: Difference;
  readonly source: string;
  readonly target: string;
  /** Whether what was agreed has a place. */
  readonly three: boolean;
  readonly on: boolean;
  readonly pick: (on: boolean) => void;
  readonly editing: Editing;
}) => {
  const { icon, tone, word } = OPERATION[line.operation];
  const owned = line.operation === 'owned';
  return (
    <>
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
          <Edit line={line} of={line.source} environment={source} editing={editing} />
        </div>
        {three ? (
          <div class="base" role="cell">
            <span class="lbl">last agreed</span>
            <span>
              {line.flag && line.agreed !== undefined ? (
                <Flag of={line.agreed} />
              ) : (
                <Plain of={line.agreed} />
              )}
            </span>
          </div>
        ) : undefined}
        <div role="cell">
          <span class="lbl">{target}</span>
          <span>
            <Held line={line} of={line.target} against={line.source} mark="del" />
          </span>
          <Edit line={line} of={line.target} environment={target} editing={editing} />
        </div>
      </div>
      {editing.open === undefined ? undefined : (
        <div role="row">
          <div role="cell">
            <Editor
              key={editing.open}
              env={editing.open}
              kind={line.flag ? 'flag' : 'config'}
              entryKey={line.key}
              close={editing.end}
            />
          </div>
        </div>
      )}
    </>
  );
};

/** What opens the field of a side; the id is where the focus goes back to. */
const Edit = ({
  line,
  of,
  environment,
  editing,
}: {
  readonly line: Difference;
  readonly of: unknown;
  readonly environment: string;
  readonly editing: Editing;
}) =>
  of === undefined || !editing.may.includes(environment) ? undefined : (
    <button
      type="button"
      class="btn bare edits"
      id={editId(line, environment)}
      aria-expanded={editing.open === environment}
      onClick={() => editing.begin(environment)}
    >
      <Icon name="edit" tone="s" />
      <span class="sr">
        Edit {line.key} in {environment}
      </span>
    </button>
  );

/** The id of what opens the field of a side. */
export const editId = (line: Difference, environment: string): string =>
  `edit ${environment} ${nameOf(line)}`.replaceAll(' ', '-');

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
