import type { Signal } from '@preact/signals';

type Group = { readonly group: string; readonly min: number };

/** Groups of which so many approvals have to come; a group without a name asks for nothing. */
export const Groups = ({ value }: { readonly value: Signal<readonly Group[]> }) => {
  const set = (at: number, change: Partial<Group>) => {
    value.value = value.value.map((one, other) => (other === at ? { ...one, ...change } : one));
  };
  return (
    <fieldset>
      <legend class="f">Groups that have to approve, among those approvals</legend>
      {value.value.map(({ group, min }, at) => (
        <div key={at} class="btns">
          <input
            class="in"
            type="number"
            aria-label={`Approvals from group ${at + 1}`}
            required
            min={1}
            max={100}
            value={min}
            onInput={({ currentTarget }) => set(at, { min: currentTarget.valueAsNumber || 0 })}
          />
          <input
            class="in"
            aria-label={`Name of group ${at + 1}`}
            required
            pattern="[A-Za-z0-9._\-]{1,128}"
            value={group}
            onInput={({ currentTarget }) => set(at, { group: currentTarget.value.trim() })}
          />
          <button
            type="button"
            class="btn"
            onClick={() => {
              value.value = value.value.filter((_, other) => other !== at);
            }}
          >
            Remove<span class="sr"> group {at + 1}</span>
          </button>
        </div>
      ))}
      <button
        type="button"
        class="btn"
        onClick={() => {
          value.value = [...value.value, { group: '', min: 1 }];
        }}
      >
        Add a group
      </button>
    </fieldset>
  );
};
