import type { Signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';

type Field<T> = {
  readonly id: string;
  readonly label: ComponentChildren;
  readonly value: Signal<T>;
};

/** A number in a form. */
export const NumberField = ({
  id,
  label,
  value,
  least,
  most,
}: Field<number> & { readonly least: number; readonly most: number }) => (
  <div>
    <label class="f" for={id}>
      {label}
    </label>
    <input
      class="in"
      id={id}
      type="number"
      required
      min={least}
      max={most}
      value={value.value}
      onInput={({ currentTarget }) => (value.value = currentTarget.valueAsNumber)}
    />
  </div>
);

/** A line of text in a form. What it must look like is the server's to say. */
export const TextField = ({
  id,
  label,
  value,
  optional = false,
  type = 'text',
  offers = [],
}: Field<string> & {
  readonly optional?: boolean;
  readonly type?: 'text' | 'date' | 'datetime-local';
  /** What may be picked instead of typed. */
  readonly offers?: readonly string[];
}) => (
  <div>
    <label class="f" for={id}>
      {label}
    </label>
    <input
      class="in"
      id={id}
      type={type}
      required={!optional}
      value={value.value}
      {...(offers.length === 0 ? {} : { list: `${id}-offers` })}
      onInput={({ currentTarget }) => (value.value = currentTarget.value)}
    />
    {offers.length === 0 ? undefined : (
      <datalist id={`${id}-offers`}>
        {offers.map((one) => (
          <option key={one} value={one} />
        ))}
      </datalist>
    )}
  </div>
);

/** One of several words in a form; `words` says each as people do. */
export const Choice = <T extends string>({
  id,
  label,
  value,
  among,
  words = (one) => one,
}: Field<T> & { readonly among: readonly T[]; readonly words?: (one: T) => string }) => (
  <div>
    <label class="f" for={id}>
      {label}
    </label>
    <select
      class="in"
      id={id}
      value={value.value}
      onChange={({ currentTarget }) => {
        const chosen = among.find((one) => one === currentTarget.value);
        if (chosen !== undefined) value.value = chosen;
      }}
    >
      {among.map((one) => (
        <option key={one} value={one}>
          {words(one)}
        </option>
      ))}
    </select>
  </div>
);

/** A yes or no in a form. */
export const Check = ({
  label,
  checked,
  set,
}: {
  readonly label: string;
  readonly checked: boolean;
  readonly set: (checked: boolean) => void;
}) => (
  <label>
    <input type="checkbox" checked={checked} onChange={({ currentTarget }) => set(currentTarget.checked)} />{' '}
    {label}
  </label>
);

/** Some of several words in a form, or all of them, also those that are yet to come. */
export const Among = ({
  legend,
  all,
  value,
  among,
  words = (one) => one,
}: {
  readonly legend: string;
  readonly all: string;
  readonly value: Signal<'all' | readonly string[]>;
  readonly among: readonly string[];
  readonly words?: (one: string) => string;
}) => {
  const chosen = value.value;
  return (
    <fieldset>
      <legend class="f">{legend}</legend>
      <Check
        label={all}
        checked={chosen === 'all'}
        set={(checked) => {
          value.value = checked ? 'all' : among;
        }}
      />
      {chosen === 'all' ? undefined : (
        <div class="btns">
          {among.map((one) => (
            <Check
              key={one}
              label={words(one)}
              checked={chosen.includes(one)}
              set={(checked) => {
                value.value = checked ? [...chosen, one] : chosen.filter((other) => other !== one);
              }}
            />
          ))}
        </div>
      )}
    </fieldset>
  );
};

/** The words of a line that commas or spaces separate. */
export const wordsIn = (line: string): string[] => line.split(/[\s,]+/).filter((word) => word !== '');
