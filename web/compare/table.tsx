import { type Signal, useSignal } from '@preact/signals';
import { type Difference, nameOf } from './difference.ts';
import type { Differences } from './differences.ts';
import { type Editing, editId, Row } from './row.tsx';

/** What is picked: names of differences. */
export type Picked = ReadonlySet<string>;

/** The keys that differ, side by side; each that may move can be picked. */
export const Comparison = ({
  lines,
  source,
  target,
  agreed,
  picked,
  may,
  changed,
}: {
  readonly lines: readonly Difference[];
  readonly source: string;
  readonly target: string;
  /** The revision that both last held; absent: they are compared with each other alone. */
  readonly agreed: Differences['agreed'];
  readonly picked: Signal<Picked>;
  /** Environments in which the person may edit. */
  readonly may: readonly string[];
  /** A value was edited: what differs may be something else now. */
  readonly changed: (what: string) => void;
}) => {
  const movable = lines.filter(({ operation }) => operation !== 'owned').map(nameOf);
  const all = movable.length > 0 && movable.every((name) => picked.value.has(name));
  const pick = (names: readonly string[], on: boolean) => {
    const rest = [...picked.value].filter((name) => !names.includes(name));
    picked.value = new Set(on ? [...rest, ...names] : rest);
  };
  const open = useSignal<{ readonly name: string; readonly environment: string } | undefined>(undefined);
  const editingOf = (line: Difference): Editing => ({
    may,
    open: open.value?.name === nameOf(line) ? open.value.environment : undefined,
    begin: (environment) => {
      open.value = { name: nameOf(line), environment };
    },
    end: (saved) => {
      const environment = open.value?.environment ?? '';
      open.value = undefined;
      document.getElementById(editId(line, environment))?.focus();
      if (!saved) return;
      // What it becomes was not picked.
      pick([nameOf(line)], false);
      changed(`${line.key} was changed in ${environment}.`);
    },
  });
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
              editing={editingOf(line)}
            />
          );
        })}
      </div>
    </div>
  );
};
