import { useEffect } from 'preact/hooks';
import { useEnvironments } from '../api/environments.ts';
import { Icon } from '../parts/icon.tsx';
import { Loading, ProblemNote } from '../parts/notes.tsx';
import { pathTo } from '../router.ts';
import { ItemRow } from '../settings/listing.tsx';
import { SettingsTabs } from '../settings/tabs.tsx';
import { count } from '../words/status.ts';

/** The pipeline: its environments in order, each with what it takes to enter. */
export const Environments = () => {
  const { value, problem, reload } = useEnvironments();
  useEffect(() => {
    document.title = 'Environments · Sluice';
  }, []);
  return (
    <>
      <div class="head">
        <div>
          <h1>Environments</h1>
          <p class="lead">Content moves through them in this order, from one to the next.</p>
        </div>
      </div>
      <SettingsTabs here="/web/environments" />
      {problem === undefined ? undefined : <ProblemNote problem={problem} retry={reload} />}
      <section class="sect" aria-label="Environments">
        {value === undefined ? (
          problem === undefined ? (
            <Loading />
          ) : undefined
        ) : (
          <ul class="rows">
            {value.map((environment) => (
              <ItemRow
                key={environment.name}
                name={<a href={pathTo('environments', environment.name)}>{environment.name}</a>}
                says={
                  <>
                    Configuration {environment.requirements.config}.
                    {environment.lock === null && environment.tenant_lock === null ? undefined : (
                      <span class="t-wait">
                        {' '}
                        <Icon name="lock" tone="s" /> Locked.
                      </span>
                    )}
                  </>
                }
              >
                <span class="tag">{environment.protected ? 'protected' : 'open'}</span>
                <span class="tag">{count(environment.gates.length, 'gate')}</span>
              </ItemRow>
            ))}
          </ul>
        )}
      </section>
    </>
  );
};
