import { useSignal } from '@preact/signals';
import { useData } from '../api/data.ts';
import { flagShown, inLine } from '../config/editor.tsx';
import { readEverything } from '../config/entries.ts';
import { Flag } from '../parts/flag.tsx';
import { Loading, ProblemNote } from '../parts/notes.tsx';
import { Pager } from '../parts/pager.tsx';

/** What both environments hold alike: everything of the source but for the keys that differ, which have to be all of them. */
export const Same = ({
  source,
  target,
  different,
}: {
  readonly source: string;
  readonly target: string;
  /** Names of all keys that differ. */
  readonly different: ReadonlySet<string>;
}) => {
  const cursors = useSignal<readonly string[]>([]);
  const cursor = cursors.value.at(-1);
  const { value, problem, reload } = useData(`same ${source} ${target} ${cursor}`, (signal) =>
    readEverything(source, cursor, signal),
  );
  if (problem !== undefined) return <ProblemNote problem={problem} retry={reload} />;
  if (value === undefined) return <Loading rows={6} />;
  const same = value.items.filter(({ kind, key }) => !different.has(`${kind}/${key}`));
  return (
    <>
      <ul class="rows" aria-label={`The same in ${source} and ${target}`}>
        {same.map((entry) => (
          <li key={`${entry.kind}/${entry.key}`} class="entry" data-row>
            <span class="ky">{entry.key}</span>
            <span class="val">{entry.kind === 'flag' ? <Flag of={flagShown(entry)} /> : inLine(entry)}</span>
          </li>
        ))}
      </ul>
      {same.length === 0 ? (
        <p class="pad sec">All keys of this page differ: go on to the next.</p>
      ) : undefined}
      <Pager cursors={cursors} next={value.next} words={['Back', 'Next keys']} />
    </>
  );
};
