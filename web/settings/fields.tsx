import type { Signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { About, describedBy } from './about.tsx';

type Field<T> = {
  readonly id: string;
  readonly label: ComponentChildren;
  readonly value: Signal<T>;
  /** What it is for, as the noun's declaration says it. */
  readonly about?: string | undefined;
};

/** A number in a form. */
export const NumberField = ({
  id,
  label,
  value,
  about,
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
      {...describedBy(id, about)}
      onInput={({ currentTarget }) => (value.value = currentTarget.valueAsNumber)}
    />
    <About id={id} text={about} />
  </div>
);

/** A line of text in a form. What it must look like is the server's to say. */
export const TextField = ({
  id,
  label,
  value,
  about,
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
      {...describedBy(id, about)}
      onInput={({ currentTarget }) => (value.value = currentTarget.value)}
    />
    <About id={id} text={about} />
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
  about,
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
      {...describedBy(id, about)}
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
    <About id={id} text={about} />
  </div>
);

/** A yes or no in a form. */
export const Check = ({
  label,
  about,
  checked,
  set,
}: {
  readonly label: string;
  readonly about?: string | undefined;
  readonly checked: boolean;
  readonly set: (checked: boolean) => void;
}) => {
  const id = useId();
  const control = (
    <label>
      <input
        type="checkbox"
        checked={checked}
        {...describedBy(id, about)}
        onChange={({ currentTarget }) => set(currentTarget.checked)}
      />{' '}
      {label}
    </label>
  );
  if (about === undefined) return control;
  return (
    <div>
      {control}
      <About id={id} text={about} />
    </div>
  );
};

/** Some of several words in a form, or all of them, also those that are yet to come. */
export const Among = ({
  legend,
  about,
  all,
  value,
  among,
  words = (one) => one,
}: {
  readonly legend: string;
  readonly about?: string | undefined;
  readonly all: string;
  readonly value: Signal<'all' | readonly string[]>;
  readonly among: readonly string[];
  readonly words?: (one: string) => string;
}) => {
  const id = useId();
  const chosen = value.value;
  return (
    <fieldset {...describedBy(id, about)}>
      <legend class="f">{legend}</legend>
      <About id={id} text={about} />
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
