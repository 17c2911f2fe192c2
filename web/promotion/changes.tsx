import { useSignal } from '@preact/signals';
import { getConfigChanges } from '../../functions/contract/config-promotions.ts';
import { getChanges } from '../../functions/contract/promotion-reads.ts';
import { ask } from '../api/client.ts';
import { useData } from '../api/data.ts';
import { FlagChange } from '../parts/flag.tsx';
import { Icon } from '../parts/icon.tsx';
import type { IconName } from '../parts/icon-name.ts';
import { Empty, Loading, ProblemNote } from '../parts/notes.tsx';
import { Pager } from '../parts/pager.tsx';
import { Change } from '../parts/value.tsx';
import { shown } from '../words/hidden.ts';
import { count } from '../words/status.ts';
import type { Promotion } from './live.ts';

/** Keys on a page. */
const PAGE = 50;

const OPERATION = {
  added: { icon: 'plus', tone: 'ok', word: 'added' },
  modified: { icon: 'edit', tone: 'move', word: 'modified' },
  removed: { icon: 'minus', tone: 'stop', word: 'deleted' },
} as const satisfies { readonly [operation: string]: { icon: IconName; tone: string; word: string } };

/** One changed key as the page shows it. */
type Line = {
  readonly key: string;
  readonly operation: keyof typeof OPERATION;
  readonly flag: boolean;
  readonly from?: unknown;
  readonly to?: unknown;
};
type Lines = { readonly lines: readonly Line[]; readonly next: string | null };

/** What executing would change, page by page. */
export const Changes = ({ promotion }: { readonly promotion: Promotion }) => {
  const cursors = useSignal<readonly string[]>([]);
  const cursor = cursors.value.at(-1);
  const { id, kind, manifestDigest, changes } = promotion;
  const { value, problem, reload } = useData(`changes ${id} ${manifestDigest} ${cursor}`, (signal) =>
    kind === 'config' ? configLines(id, cursor, signal) : otherLines(id, cursor, signal),
  );
  return (
    <section class="sect" aria-labelledby="changes">
      <header>
        <h2 id="changes">What changes</h2>
        {changes === null ? undefined : (
          <p>
            {[
              [changes.added, 'added'],
              [changes.modified, 'modified'],
              [changes.removed, 'deleted'],
            ]
              .filter(([number]) => number !== 0)
              .map(([number, word]) => `${Number(number).toLocaleString('en')} ${word}`)
              .join(', ')}{' '}
            in {promotion.targetEnvironment}
          </p>
        )}
      </header>
      {promotion.conflicts.length === 0 ? undefined : (
        <p class="pad t-stop">
          <Icon name="conflict" /> {count(promotion.conflicts.length, 'key')} changed in the target as well:{' '}
          {promotion.conflicts.join(', ')}. Look at both sides and resubmit.
        </p>
      )}
      {problem === undefined ? undefined : <ProblemNote problem={problem} retry={reload} />}
      {value === undefined ? (
        problem === undefined ? (
          <Loading />
        ) : undefined
      ) : value.lines.length === 0 ? (
        <Empty title="Nothing changes">
          <p>The target has this content already.</p>
        </Empty>
      ) : (
        <Table lines={value.lines} />
      )}
      {value === undefined ? undefined : (
        <Pager
          cursors={cursors}
          next={value.next}
          says={`Keys ${cursors.value.length * PAGE + 1} to ${cursors.value.length * PAGE + value.lines.length}`}
          words={['Back', 'Next keys']}
        />
      )}
    </section>
  );
};

const Table = ({ lines }: { readonly lines: readonly Line[] }) => (
  <table class="diff">
    <thead>
      <tr>
        <th scope="col">Key</th>
        <th scope="col">Change</th>
      </tr>
    </thead>
    <tbody>
      {lines.map((line) => {
        const { icon, tone, word } = OPERATION[line.operation];
        return (
          <tr key={`${line.flag} ${line.key}`}>
            <td>
              <span class="ky">{line.key}</span>
              <span class={`op ${tone}`}>
                <Icon name={icon} tone="s" /> {line.flag ? 'flag ' : ''}
                {word}
              </span>
            </td>
            <td class="val">
              {line.flag ? (
                <FlagChange from={line.from} to={line.to} />
              ) : (
                <Change from={line.from} to={line.to} />
              )}
            </td>
          </tr>
        );
      })}
    </tbody>
  </table>
);

async function configLines(id: string, cursor: string | undefined, signal: AbortSignal) {
  const query = { limit: PAGE, ...(cursor === undefined ? {} : { cursor }) };
  const found = await ask(getConfigChanges, { at: { id }, query, signal });
  if (!found.ok) return found;
  const { items, nextCursor } = found.value;
  const lines = items.map(({ key, kind, change, ...sides }): Line => {
    const [from, to] = shown(key, sides.from, sides.to);
    return {
      key,
      operation: change,
      flag: kind === 'flag',
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
    };
  });
  return { ok: true, value: { lines, next: nextCursor } satisfies Lines } as const;
}

async function otherLines(id: string, _: string | undefined, signal: AbortSignal) {
  const found = await ask(getChanges, { at: { id }, signal });
  if (!found.ok) return found;
  const lines = found.value.items.map(({ key, from, to }): Line => {
    const operation = from === null ? 'added' : to === null ? 'removed' : 'modified';
    return {
      key,
      operation,
      flag: false,
      ...(from === null ? {} : { from }),
      ...(to === null ? {} : { to }),
    };
  });
  return { ok: true, value: { lines, next: null } satisfies Lines } as const;
}
