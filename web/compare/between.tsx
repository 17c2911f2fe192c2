import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { EnvironmentView } from '../../functions/contract/environments.ts';
import { useData } from '../api/data.ts';
import { Toggle } from '../matrix/filter-bar.tsx';
import { iMay } from '../me.ts';
import { Empty, Loading, ProblemNote } from '../parts/notes.tsx';
import { Pager } from '../parts/pager.tsx';
import { pathTo } from '../router.ts';
import { count } from '../words/status.ts';
import { type Difference, nameOf } from './difference.ts';
import { readDifferences } from './differences.ts';
import { PromoteBar } from './promote-bar.tsx';
import { Same } from './same.tsx';
import { chipsOf, type Show, shownOf } from './shown.ts';
import { Comparison, type Picked } from './table.tsx';

/** What differs between two environments, what of it is shown, and what of it should move on. */
export const Between = ({
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
  const show = useSignal<Show>('different');
  const said = useSignal<string | undefined>(undefined);
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
  const shown = shownOf(value.lines, show.value);
  // Only where all that differs is known, it is known what does not.
  const whole = value.next === null && cursor === undefined;
  const may = [source, target]
    .filter((one) => iMay(one.protected ? 'edit_protected_config' : 'edit_config', one.name))
    .map(({ name }) => name);
  const both = value.lines.filter(({ changedIn }) => changedIn === 'both').length;
  const owned = value.lines.filter(({ operation }) => operation === 'owned').length;
  return (
    <>
      <p class="lead below">
        {value.lines.length === 0
          ? `Both hold the same ${count(value.unchanged, 'key')}.`
          : `${count(value.lines.length, 'key')} ${value.lines.length === 1 ? 'differs' : 'differ'}${value.next === null ? '' : ' on this page'}, ${value.unchanged.toLocaleString('en')} ${value.unchanged === 1 ? 'is' : 'are'} the same${owned === 0 ? '' : `; ${owned} ${owned === 1 ? 'belongs' : 'belong'} to ${target.name} and ${owned === 1 ? 'stays' : 'stay'}`}.`}
        {value.lines.length === 0
          ? ''
          : agreed === undefined
            ? ` Neither has received all of the other yet, so nobody knows which of them changed a key.`
            : ` Both last held the same in rev ${agreed.revision} of ${agreed.environment}${both === 0 ? '' : `; ${count(both, 'key')} changed in both since, and promoting takes what ${source.name} says`}.`}
      </p>
      <section class="sect" aria-label="Differences">
        <fieldset class="filter pad">
          <legend class="sr">Which keys</legend>
          {chipsOf({ ...value, agreed: agreed !== undefined }, between, show.value).map((chip) => (
            <Toggle
              key={chip.show}
              name={chip.name}
              number={chip.number}
              pressed={show.value === chip.show}
              press={() => {
                show.value = chip.show;
              }}
            />
          ))}
          {value.next === null ? undefined : <span class="end">Counted on this page</span>}
        </fieldset>
        <div role="status">{said.value === undefined ? undefined : <p class="pad t-ok">{said.value}</p>}</div>
        {show.value === 'same' ? (
          whole ? (
            <Same source={source.name} target={target.name} different={new Set(value.lines.map(nameOf))} />
          ) : (
            <Empty title="The keys that are the same cannot be listed yet">
              <p>
                More differ than fit on one page. Promote some of them first, or read {source.name} on its
                own.
              </p>
              <a class="btn" href={pathTo('config', source.name)}>
                Configuration of {source.name}
              </a>
            </Empty>
          )
        ) : value.lines.length === 0 ? (
          <Empty title="Nothing differs">
            <p>Edit {source.name} first, then promote it from here.</p>
            <a class="btn" href={pathTo('config', source.name)}>
              Edit {source.name}
            </a>
          </Empty>
        ) : shown.length === 0 ? (
          <Empty title="No key of this page is so">
            <p>Choose what else is shown.</p>
          </Empty>
        ) : (
          <Comparison
            lines={shown}
            source={source.name}
            target={target.name}
            agreed={agreed}
            picked={picked}
            may={may}
            changed={(what) => {
              said.value = what;
              reload();
            }}
          />
        )}
        {show.value === 'same' ? undefined : (
          <Pager cursors={cursors} next={value.next} words={['Back', 'Next keys']} />
        )}
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
