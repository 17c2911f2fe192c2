import type { Signal } from '@preact/signals';

/** The foot of a list that goes on: back, and on to what the last page named. Nothing where one page is all there is. */
export const Pager = ({
  cursors,
  next,
  says,
  words: [back, on],
}: {
  /** The cursors of the pages gone through; none on the first. */
  readonly cursors: Signal<readonly string[]>;
  readonly next: string | null;
  /** What is on this page; absent: its number. */
  readonly says?: string;
  readonly words: readonly [back: string, on: string];
}) =>
  next === null && cursors.value.length === 0 ? null : (
    <div class="foot">
      <span>{says ?? `Page ${cursors.value.length + 1}`}</span>
      <span class="end btns">
        {cursors.value.length === 0 ? undefined : (
          <button
            type="button"
            class="btn"
            onClick={() => {
              cursors.value = cursors.value.slice(0, -1);
            }}
          >
            {back}
          </button>
        )}
        {next === null ? undefined : (
          <button
            type="button"
            class="btn"
            onClick={() => {
              cursors.value = [...cursors.value, next];
            }}
          >
            {on}
          </button>
        )}
      </span>
    </div>
  );
