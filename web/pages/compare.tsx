import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { EnvironmentView } from '../../functions/contract/environments.ts';
import { useData } from '../api/data.ts';
import { useEnvironments } from '../api/environments.ts';
import { type Difference, nameOf, readDifferences } from '../compare/differences.ts';
import { PromoteBar } from '../compare/promote-bar.tsx';
import { Comparison, type Picked } from '../compare/table.tsx';
import { Empty, Loading, ProblemNote } from '../parts/notes.tsx';
import { Pager } from '../parts/pager.tsx';
import { go, pathTo } from '../router.ts';
import { count } from '../words/status.ts';

/** Any two environments side by side: what differs, and what of it should move on. */
export const Compare = ({
  from,
  to,
}: {
  readonly from: string | undefined;
  readonly to: string | undefined;
}) => {
  const { value: all, problem, reload } = useEnvironments();
  useEffect(() => {
    document.title = 'Compare · Sluice';
  }, []);
  if (all === undefined) {
    return (
      <>
        <h1>Compare</h1>
        {problem === undefined ? <Loading /> : <ProblemNote problem={problem} retry={reload} />}
      </>
    );
  }
  // The last step of the pipeline is the one that people look at most.
  const source = find(all, from) ?? all.at(-2);
  const target = find(all, to) ?? all.at(-1);
  if (source === undefined || target === undefined) {
    return (
      <Empty title="There are no two environments to compare">
        <p>Two environments of which you may read both are needed.</p>
      </Empty>
    );
  }
  return (
    <>
      <div class="head">
        <div>
          <h1 class="sent">
            Compare <b>configuration</b> in {source.name} with {target.name}
          </h1>
        </div>
        <div class="btns">
          <Choice
            id="from"
            name="From"
            all={all}
            chosen={source}
            choose={(name) => go(pathTo('compare', name, target.name))}
          />
          <Choice
            id="to"
            name="To"
            all={all}
            chosen={target}
            choose={(name) => go(pathTo('compare', source.name, name))}
          />
        </div>
      </div>
      {source.name === target.name ? (
        <Empty title="Both are the same environment">
          <p>Choose another one to compare with.</p>
        </Empty>
      ) : (
        <Between key={`${source.name} ${target.name}`} source={source} target={target} all={all} />
      )}
    </>
  );
};

const find = (all: readonly EnvironmentView[], name: string | undefined): EnvironmentView | undefined =>
  all.find((one) => one.name === name || (name !== undefined && one.aliases.includes(name)));

const Choice = ({
  id,
  name,
  all,
  chosen,
  choose,
}: {
  readonly id: string;
  readonly name: string;
  readonly all: readonly EnvironmentView[];
  readonly chosen: EnvironmentView;
  readonly choose: (name: string) => void;
}) => (
  <div>
    <label class="f" for={id}>
      {name}
    </label>
    <select
      class="in"
      id={id}
      value={chosen.name}
      onChange={({ currentTarget }) => choose(currentTarget.value)}
    >
      {all.map((one) => (
        <option key={one.name} value={one.name}>
          {one.name}
        </option>
      ))}
    </select>
  </div>
);

const Between = ({
  source,
  target,
  all,
}: {
  readonly source: EnvironmentView;
  readonly target: EnvironmentView;
  readonly all: readonly EnvironmentView[];
}) => {
  const cursors = useSignal<readonly string[]>([]);
  const picked = useSignal<Picked>(new Set());
  const known = useSignal<ReadonlyMap<string, Difference>>(new Map());
  const cursor = cursors.value.at(-1);
  const between = { source: source.name, target: target.name };
  const { value, problem, reload } = useData(`diff ${source.name} ${target.name} ${cursor}`, (signal) =>
    readDifferences(between, cursor, signal),
  );
  useEffect(() => {
    if (value === undefined) return;
    known.value = new Map([...known.peek(), ...value.lines.map((line) => [nameOf(line), line] as const)]);
  }, [value, known]);
  const next = all.indexOf(target) === all.indexOf(source) + 1;
  const lines = [...picked.value].flatMap((name) => known.value.get(name) ?? []);
  if (value === undefined) {
    return problem === undefined ? <Loading rows={8} /> : <ProblemNote problem={problem} retry={reload} />;
  }
  const { agreed } = value;
  const both = value.lines.filter(({ changedIn }) => changedIn === 'both').length;
  const owned = value.lines.filter(({ operation }) => operation === 'owned').length;
  return (
    <>
      <p class="lead below">
        {value.lines.length === 0
          ? `Both hold the same ${count(value.unchanged, 'key')}.`
          : `${count(value.lines.length - owned, 'key')} ${value.next === null ? 'differ' : 'on this page differ'}, ${value.unchanged.toLocaleString('en')} are the same${owned === 0 ? '' : `, ${owned} belong to ${target.name} and stay`}.`}
        {value.lines.length === 0
          ? ''
          : agreed === undefined
            ? ` Neither has received all of the other yet, so nobody knows which of them changed a key.`
            : ` Both last held the same in rev ${agreed.revision} of ${agreed.environment}${both === 0 ? '' : `; ${count(both, 'key')} changed in both since, and promoting takes what ${source.name} says`}.`}
      </p>
      <section class="sect" aria-label="Differences">
        {value.lines.length === 0 ? (
          <Empty title="Nothing differs">
            <p>Edit {source.name} first, then promote it from here.</p>
            <a class="btn" href={pathTo('config', source.name)}>
              Edit {source.name}
            </a>
          </Empty>
        ) : (
          <Comparison
            lines={value.lines}
            source={source.name}
            target={target.name}
            agreed={agreed}
            picked={picked}
          />
        )}
        <Pager cursors={cursors} next={value.next} words={['Back', 'Next keys']} />
        {lines.length === 0 ? (
          <div class="foot">
            <span>
              {next
                ? `Pick the keys that should move on to ${target.name}.`
                : `Promotion goes from one environment to the next: ${source.name} is not the one before ${target.name}. Both can be compared only.`}
            </span>
          </div>
        ) : next ? (
          <PromoteBar
            source={source.name}
            target={target}
            lines={lines}
            clear={() => {
              picked.value = new Set();
            }}
          />
        ) : (
          <div class="foot">
            <span>
              {source.name} is not the environment before {target.name}: promote stage by stage.
            </span>
          </div>
        )}
      </section>
    </>
  );
};
