import { type Signal, useSignal } from '@preact/signals';
import { EnvironmentView, environments, whatIfEnvironment } from '../../functions/contract/environments.ts';
import { ask } from '../api/client.ts';
import { change } from '../settings/change.ts';
import { Check } from '../settings/fields.tsx';
import { type Close, GOVERNS, Saving } from '../settings/saving.tsx';
import { WhatIf } from '../settings/what-if.tsx';

type Gate = EnvironmentView['gates'][number];

/** The gate that every environment has, and that always blocks. */
const ALWAYS = 'policy_compliance';

/** The gates of an environment being changed: what each does when it does not pass, and new ones. What a gate demands stays as it is. */
export const GatesEditor = ({
  environment,
  close,
}: {
  readonly environment: EnvironmentView;
  readonly close: Close;
}) => {
  const { name, version } = environment;
  const gates = useSignal<readonly Gate[]>(environment.gates);
  const isProtected = useSignal(environment.protected);
  const added = useSignal('');
  const fields = { protected: isProtected.value, gates: [...gates.value] };
  const add = () => {
    const wanted = added.value.trim();
    if (!/^[A-Za-z0-9._-]{1,128}$/.test(wanted) || gates.value.some((gate) => gate.name === wanted)) return;
    gates.value = [
      ...gates.value,
      { name: wanted, mode: 'block', applies_to: ['agent', 'config', 'artifact'] },
    ];
    added.value = '';
  };
  return (
    <Saving
      name={name}
      effect={GOVERNS}
      close={close}
      save={(reason) =>
        change(EnvironmentView, `${environments.path}/${encodeURIComponent(name)}`, {
          version,
          fields,
          reason,
        })
      }
    >
      {gates.value.map((gate) =>
        gate.name === ALWAYS ? (
          <p key={gate.name} class="sec">
            {gate.name} always stops what the policies refuse.
          </p>
        ) : (
          <GateField key={gate.name} gate={gate} gates={gates} />
        ),
      )}
      <div>
        <label class="f" for="gate-new">
          One more gate, by its name; it stops what does not pass
        </label>
        <div class="btns">
          <input
            class="in"
            id="gate-new"
            value={added.value}
            maxLength={128}
            onInput={({ currentTarget }) => (added.value = currentTarget.value)}
          />
          <button type="button" class="btn" onClick={add}>
            Add the gate
          </button>
        </div>
      </div>
      <Check
        label={`Protected: ${name} asks for at least one approval`}
        checked={isProtected.value}
        set={(checked) => (isProtected.value = checked)}
      />
      <WhatIf
        of={JSON.stringify(fields)}
        ask={(query) => ask(whatIfEnvironment, { at: { environment: name }, body: fields, query })}
      />
    </Saving>
  );
};

/** What one gate does when it does not pass. */
const GateField = ({ gate, gates }: { readonly gate: Gate; readonly gates: Signal<readonly Gate[]> }) => (
  <div>
    <label class="f" for={`gate-${gate.name}`}>
      When {gate.name} does not pass
    </label>
    <select
      class="in"
      id={`gate-${gate.name}`}
      value={gate.mode}
      onChange={({ currentTarget: { value } }) => {
        const others = gates.value.filter((one) => one !== gate);
        const mode = value === 'warn' ? 'warn' : 'block';
        gates.value =
          value === 'off' ? others : gates.value.map((one) => (one === gate ? { ...one, mode } : one));
      }}
    >
      <option value="block">it stops the promotion</option>
      <option value="warn">it warns, and the promotion goes on</option>
      <option value="off">nothing: take the gate away</option>
    </select>
  </div>
);
