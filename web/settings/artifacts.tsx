import { useSignal } from '@preact/signals';
import { getOverview } from '../../functions/contract/overview.ts';
import { ask } from '../api/client.ts';
import { useData } from '../api/data.ts';
import { Consumers } from '../artifact/consumers.tsx';
import { Versions } from '../artifact/versions.tsx';
import { ItemRow, Listing } from './listing.tsx';

/** The artifacts that run somewhere, and the versions and consumers of each. */
export const Artifacts = () => {
  const chosen = useSignal<string | undefined>(undefined);
  const found = useData('artifact names', async (signal) => {
    const overview = await ask(getOverview, { signal });
    if (!overview.ok) return overview;
    return { ok: true, value: overview.value.subjects.filter(({ kind }) => kind === 'artifact') };
  });
  return (
    <>
      <Listing
        title="Artifacts"
        says="Those that run in an environment"
        data={found}
        row={({ name, active }) => (
          <ItemRow
            key={name}
            name={name}
            says={active
              .map(
                ({ environment, version, revision }) => `${version ?? `rev ${revision}`} in ${environment}`,
              )
              .join(', ')}
          >
            <button
              type="button"
              class="btn"
              aria-expanded={chosen.value === name}
              onClick={() => {
                chosen.value = chosen.value === name ? undefined : name;
              }}
            >
              Versions and consumers<span class="sr"> of {name}</span>
            </button>
          </ItemRow>
        )}
        empty={{
          title: 'No artifact runs anywhere yet',
          says: 'Publish a version of an OCI artifact into the first environment:',
          command: 'sluice publish platform v1.2.3 --reference 1.2.3',
        }}
      />
      {chosen.value === undefined ? undefined : (
        <>
          <Versions key={`versions ${chosen.value}`} name={chosen.value} />
          <Consumers key={`consumers ${chosen.value}`} name={chosen.value} />
        </>
      )}
    </>
  );
};
