import { useSignal } from '@preact/signals';
import { listArtifactVersions } from '../../functions/contract/artifacts.ts';
import { getOverview } from '../../functions/contract/overview.ts';
import { ask } from '../api/client.ts';
import { useData } from '../api/data.ts';
import { Digest } from '../parts/digest.tsx';
import { Empty, Loading, ProblemNote } from '../parts/notes.tsx';
import { Time } from '../parts/time.tsx';
import { ItemRow, Listing } from './listing.tsx';

/** The artifacts that run somewhere, and the versions of each. */
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
              Versions<span class="sr"> of {name}</span>
            </button>
          </ItemRow>
        )}
        empty={{
          title: 'No artifact runs anywhere yet',
          says: 'Publish a version of an OCI artifact into the first environment:',
          command: 'sluice publish platform v1.2.3 --reference 1.2.3',
        }}
      />
      {chosen.value === undefined ? undefined : <Versions key={chosen.value} name={chosen.value} />}
    </>
  );
};

const Versions = ({ name }: { readonly name: string }) => {
  const { value, problem, reload } = useData(`versions ${name}`, (signal) =>
    ask(listArtifactVersions, { at: { name }, query: { limit: 50 }, signal }),
  );
  return (
    <section class="sect" aria-label={`Versions of ${name}`}>
      <header>
        <h2>Versions of {name}</h2>
        <p>highest first</p>
      </header>
      {problem === undefined ? undefined : <ProblemNote problem={problem} retry={reload} />}
      {value === undefined ? (
        problem === undefined ? (
          <Loading />
        ) : undefined
      ) : value.items.length === 0 ? (
        <Empty title="No version is published" />
      ) : (
        <ul class="rows">
          {value.items.map((version) => (
            <li key={version.version} class="row">
              <span class="grow">
                <b>{version.version}</b> <Digest of={version.digest} long />
              </span>
              <Time at={version.published_at} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
};
