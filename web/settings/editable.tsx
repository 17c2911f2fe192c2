import { type Signal, useSignal } from '@preact/signals';
import { type ComponentChildren, Fragment } from 'preact';
import type { Data } from '../api/data.ts';
import { type Empties, ItemRow, Listing } from './listing.tsx';
import type { Close } from './saving.tsx';

/** A list of one noun whose items are changed where they stand. What came of the last change stands above it, also where its item is gone. */
export function EditableListing<T>({
  title,
  says,
  data,
  may,
  item,
  editor,
  add,
  empty,
}: {
  readonly title: string;
  readonly says: ComponentChildren;
  readonly data: Data<readonly T[]>;
  /** Whether the person may add items, and change those that do not say it themselves. */
  readonly may: boolean;
  readonly item: (
    item: T,
    close: Close,
  ) => {
    readonly key: string;
    readonly name: ComponentChildren;
    /** What buttons call it; absent: its name. */
    readonly spoken?: string;
    readonly says: ComponentChildren;
    readonly may?: boolean;
    /** Further buttons of the row, and what stands below it. */
    readonly buttons?: ComponentChildren;
    readonly below?: ComponentChildren;
  };
  readonly editor: (item: T, close: Close) => ComponentChildren;
  readonly add?: { readonly label: string; readonly form: (close: Close) => ComponentChildren };
  readonly empty: Empties;
}) {
  /** The key of the item that is being changed; `null` for a new one. */
  const open = useSignal<string | null | undefined>(undefined);
  const said = useSignal<ComponentChildren>(undefined);
  const close: Close = (text) => {
    open.value = undefined;
    said.value = text;
    if (text !== undefined) data.reload();
  };
  return (
    <Listing
      title={title}
      says={says}
      data={data}
      said={said.value}
      row={(one) => {
        const { key, name, spoken = name, says: text, may: mayThis = may, buttons, below } = item(one, close);
        return (
          <Fragment key={key}>
            <ItemRow name={name} says={text}>
              {buttons}
              {mayThis ? <Opener of={key} label="Change" name={spoken} open={open} said={said} /> : undefined}
            </ItemRow>
            {open.value === key ? <li>{editor(one, close)}</li> : undefined}
            {below}
          </Fragment>
        );
      }}
      empty={empty}
    >
      {add === undefined || !may ? undefined : open.value === null ? (
        add.form(close)
      ) : (
        <div class="foot">
          <Opener of={null} label={add.label} open={open} said={said} />
        </div>
      )}
    </Listing>
  );
}

/** Opens a form, and closes it again. */
const Opener = ({
  of,
  label,
  name,
  open,
  said,
}: {
  readonly of: string | null;
  readonly label: string;
  readonly name?: ComponentChildren;
  readonly open: Signal<string | null | undefined>;
  readonly said: Signal<ComponentChildren>;
}) => (
  <button
    type="button"
    class="btn"
    aria-expanded={open.value === of}
    onClick={() => {
      open.value = open.value === of ? undefined : of;
      said.value = undefined;
    }}
  >
    {label}
    {name === undefined ? undefined : <span class="sr"> {name}</span>}
  </button>
);
