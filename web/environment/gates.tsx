import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { listPromotions } from '../../functions/contract/promotions.ts';
import { ask } from '../api/client.ts';
import { useData } from '../api/data.ts';
import type { Environment } from '../api/environments.ts';
import { iMay } from '../me.ts';
import { count } from '../words/status.ts';
import { GatesEditor } from './gates-editor.tsx';
import { DAYS, NEWEST, resultsInWords } from './last-days.ts';

/** The gates on the way in, and the way to change them. */
export const Gates = ({
  environment,
  changed,
}: {
  readonly environment: Environment;
  readonly changed: () => void;
}) => {
  const { gates, name } = environment;
  const open = useSignal(false);
  const said = useSignal<ComponentChildren>(undefined);
  const lately = useData(`gates lately ${name}`, (signal) => {
    const from = new Date(Date.now() - DAYS * 86_400_000).toISOString();
    return ask(listPromotions, { query: { target_environment: name, from, limit: NEWEST }, signal });
  });
  // A page that goes on has the newest only.
  const when = lately.value?.next_cursor ? 'Newest promotions' : `Last ${DAYS} days`;
  const blocking = gates.filter(({ mode }) => mode === 'block').length;
  return (
    <section class="sect" aria-labelledby="gates">
      <header>
        <h2 id="gates">Gates</h2>
        <p>
          {blocking} block, {gates.length - blocking} warn
        </p>
      </header>
      <table class="tbl stack">
        <thead>
          <tr>
            <th scope="col">Gate</th>
            <th scope="col">Mode</th>
            <th scope="col">Holds for</th>
            <th scope="col">Demands</th>
            <th scope="col">{when}</th>
          </tr>
        </thead>
        <tbody>
          {gates.map((gate) => (
            <tr key={gate.name}>
              <td>
                <b>{gate.name}</b>
              </td>
              <td>
                <span class="tag">{gate.mode}</span>
              </td>
              <td>{gate.applies_to.join(', ')}</td>
              <td>{demands(gate)}</td>
              <td>
                <span class="lbl sec">{when}: </span>
                {lately.value === undefined
                  ? lately.problem === undefined
                    ? '…'
                    : 'not known'
                  : resultsInWords(gate.name, lately.value.items)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <div role="status">{said.value === undefined ? undefined : <p class="pad t-ok">{said.value}</p>}</div>
      {open.value ? (
        <GatesEditor
          environment={environment}
          close={(text) => {
            open.value = false;
            said.value = text;
            if (text !== undefined) changed();
          }}
        />
      ) : iMay('manage_catalog', name) ? (
        <div class="foot">
          <button
            type="button"
            class="btn"
            onClick={() => {
              open.value = true;
              said.value = undefined;
            }}
          >
            Change the gates
          </button>
        </div>
      ) : undefined}
    </section>
  );
};

type Provider = NonNullable<Environment['gates'][number]['provider']>;

function asAnswered(provider: Provider): string {
  if (provider.type === 'http') return `as ${provider.url} answers`;
  const { public_keys = [], children = false } = provider;
  const by = public_keys.length === 0 ? '' : ` by ${count(public_keys.length, 'key')}`;
  return `signed${by} in the registry${children ? ', each manifest of an index too' : ''}`;
}

/** What a gate demands beside its name. */
function demands({
  name,
  format,
  max_age,
  thresholds,
  producers = [],
  signers = [],
  provider,
}: Environment['gates'][number]): string {
  const parts = [
    ...(format === undefined ? [] : [`a ${format} report`]),
    ...(max_age === undefined ? [] : [`no older than ${max_age}`]),
    ...(thresholds === undefined ? [] : ['within its thresholds']),
    ...(producers.length === 0 ? [] : [`from ${producers.join(', ')}`]),
    ...(signers.length === 0
      ? []
      : [`signed by ${count(signers.length, 'known identity').replace('identitys', 'identities')}`]),
    ...(provider === undefined ? [] : [asAnswered(provider)]),
  ];
  if (parts.length > 0) return parts.join(', ');
  return name === 'policy_compliance' ? 'that its rules and policies are met' : 'a report that passes';
}
