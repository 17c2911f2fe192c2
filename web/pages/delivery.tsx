import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { getDeploymentHistory } from '../../functions/contract/platform-deployments.ts';
import { ask } from '../api/client.ts';
import { useData } from '../api/data.ts';
import { type Environment, useEnvironments } from '../api/environments.ts';
import { Dora } from '../delivery/dora.tsx';
import { DeliveryTabs } from '../delivery/tabs.tsx';
import { Icon } from '../parts/icon.tsx';
import type { IconName } from '../parts/icon-name.ts';
import { Empty, Loading, ProblemNote } from '../parts/notes.tsx';
import { Time } from '../parts/time.tsx';
import { pathTo } from '../router.ts';
import type { Tone } from '../words/status.ts';
import { lasting } from '../words/time.ts';

const STATUS: {
  readonly [status in 'PENDING' | 'DEPLOYED' | 'FAILED' | 'ROLLED_BACK']: {
    readonly icon: IconName;
    readonly word: string;
    readonly tone: Tone;
  };
} = {
  PENDING: { icon: 'executing', word: 'Under way', tone: 'move' },
  DEPLOYED: { icon: 'completed', word: 'Deployed', tone: 'ok' },
  FAILED: { icon: 'failed', word: 'Failed', tone: 'stop' },
  ROLLED_BACK: { icon: 'rolled_back', word: 'Rolled back', tone: 'off' },
};

/** What went live, how often and how well. */
export const Delivery = ({ env }: { readonly env: string | undefined }) => {
  const { value: all, problem } = useEnvironments();
  const chosen = useSignal(env);
  useEffect(() => {
    document.title = 'Delivery · Sluice';
  }, []);
  const here = all?.find(({ name }) => name === chosen.value) ?? all?.at(-1);
  return (
    <>
      <div class="head">
        <div>
          <h1>Delivery</h1>
          <p class="lead">
            What went live in the last 30 days, how often and how well. Counted every minute.
          </p>
        </div>
        {all === undefined || here === undefined ? undefined : (
          <div class="btns">
            <div>
              <label class="f" for="env">
                Environment
              </label>
              <select
                class="in"
                id="env"
                value={here.name}
                onChange={({ currentTarget }) => {
                  chosen.value = currentTarget.value;
                }}
              >
                {all.map(({ name }) => (
                  <option key={name} value={name}>
                    {name}
                  </option>
                ))}
              </select>
            </div>
          </div>
        )}
      </div>
      <DeliveryTabs here="/web/delivery" />
      {problem === undefined ? undefined : <ProblemNote problem={problem} />}
      {here === undefined && problem === undefined ? <Loading rows={8} /> : undefined}
      {here === undefined ? undefined : (
        <>
          <Dora key={`metrics ${here.name}`} environment={here.name} />
          <History key={here.name} environment={here} />
        </>
      )}
    </>
  );
};

const History = ({ environment: { name } }: { readonly environment: Environment }) => {
  const { value, problem, reload } = useData(
    `history ${name}`,
    (signal) => ask(getDeploymentHistory, { query: { environment: name, kind: 'all', limit: 50 }, signal }),
    30,
  );
  return (
    <section class="sect" aria-labelledby="deployments">
      <header>
        <h2 id="deployments">Deployments</h2>
        <p>the newest into {name}</p>
      </header>
      {problem === undefined ? undefined : <ProblemNote problem={problem} retry={reload} />}
      {value === undefined ? (
        problem === undefined ? (
          <Loading rows={8} />
        ) : undefined
      ) : value.length === 0 ? (
        <Empty title={`Nothing was deployed into ${name} yet`}>
          <p>Promotions of agents and artifacts write their deployments here; a pipeline records its own:</p>
          <code>{`POST /api/v1/platform/deployments {"imageTag": "v1.2.3", "environment": "${name}"}`}</code>
        </Empty>
      ) : (
        <table class="tbl stack">
          <thead>
            <tr>
              <th scope="col">What</th>
              <th scope="col">Status</th>
              <th scope="col">Took</th>
              <th scope="col">By</th>
              <th scope="col">When</th>
            </tr>
          </thead>
          <tbody>
            {value.map((one) => {
              const { icon, word, tone } = STATUS[one.status];
              return (
                <tr key={one.id}>
                  <td>
                    <b>{one.agentId ?? one.kind}</b> {one.imageTag ?? ''}
                    {one.promotionId === null ? undefined : (
                      <>
                        {' '}
                        <a href={pathTo('promotions', one.promotionId)}>promotion</a>
                      </>
                    )}
                  </td>
                  <td>
                    <span class={`st ${tone}`}>
                      <Icon name={icon} />
                      {word}
                    </span>
                    {one.failure === null ? undefined : <span class="sec"> {one.failure}</span>}
                  </td>
                  <td>{took(one)}</td>
                  <td>{one.initiatedBy}</td>
                  <td>
                    <Time at={one.deployedAt} />
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
    </section>
  );
};

/** How long a deployment took, where both ends are known. */
function took({
  deployedAt,
  completedAt,
}: {
  readonly deployedAt: string;
  readonly completedAt: string | null;
}): string {
  if (completedAt === null) return 'not known';
  return lasting((Date.parse(completedAt) - Date.parse(deployedAt)) / 1000);
}
