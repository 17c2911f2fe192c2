import { useEffect } from 'preact/hooks';
import type { EnvironmentView } from '../../functions/contract/environments.ts';
import { useEnvironments } from '../api/environments.ts';
import { Between } from '../compare/between.tsx';
import { Empty, Loading, ProblemNote } from '../parts/notes.tsx';
import { go, pathTo } from '../router.ts';

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
