import type { ComponentChildren } from 'preact';
import type { Data } from '../api/data.ts';
import { Empty, Loading, ProblemNote } from '../parts/notes.tsx';

/** What stands where a list has no items: what will be there, and the first command. */
export type Empties = { readonly title: string; readonly says: string; readonly command: string };

/** A list of one noun: its items as rows, or what to do where there are none. */
export function Listing<T>({
  title,
  says,
  data,
  row,
  empty,
  said,
  children,
}: {
  readonly title: string;
  readonly says: ComponentChildren;
  readonly data: Data<readonly T[]>;
  readonly row: (item: T) => ComponentChildren;
  readonly empty: Empties;
  /** What came of the last change. */
  readonly said?: ComponentChildren;
  readonly children?: ComponentChildren;
}) {
  const { value, problem, reload, more } = data;
  return (
    <section class="sect" aria-label={title}>
      <header>
        <h2>{title}</h2>
        <p>{says}</p>
      </header>
      <div role="status">{said === undefined ? undefined : <p class="pad t-ok">{said}</p>}</div>
      {problem === undefined ? undefined : <ProblemNote problem={problem} retry={reload} />}
      {value === undefined ? (
        problem === undefined ? (
          <Loading />
        ) : undefined
      ) : value.length === 0 ? (
        <Empty title={empty.title}>
          <p>{empty.says}</p>
          <code>{empty.command}</code>
        </Empty>
      ) : (
        <ul class="rows">{value.map(row)}</ul>
      )}
      {value === undefined || more === undefined ? undefined : (
        <div class="foot">
          <span>The first {value.length.toLocaleString('en')}</span>
          <button type="button" class="btn end" onClick={more}>
            Show more<span class="sr"> of {title}</span>
          </button>
        </div>
      )}
      {children}
    </section>
  );
}

/** One item: its name, what it says in a sentence, and what can be done. */
export const ItemRow = ({
  name,
  says,
  children,
}: {
  readonly name: ComponentChildren;
  readonly says: ComponentChildren;
  readonly children?: ComponentChildren;
}) => (
  <li class="row" data-row>
    <span class="grow">
      <b>{name}</b>
      <br />
      <span class="sec">{says}</span>
    </span>
    {children === undefined ? undefined : <span class="btns">{children}</span>}
  </li>
);
