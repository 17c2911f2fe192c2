import { useEffect } from 'preact/hooks';
import { getOverview } from '../../functions/contract/overview.ts';
import { listPromotions } from '../../functions/contract/promotions.ts';
import { KINDS } from '../../functions/domain/subject.ts';
import { ask } from '../api/client.ts';
import { useData } from '../api/data.ts';
import { KIND_WORDS } from '../matrix/matrix.tsx';
import { PromoteSubject } from '../matrix/promote-subject.tsx';
import { labelOf } from '../matrix/rows.ts';
import { Digest } from '../parts/digest.tsx';
import { Icon } from '../parts/icon.tsx';
import { Empty, Loading, ProblemNote } from '../parts/notes.tsx';
import { Time } from '../parts/time.tsx';
import { pathTo } from '../router.ts';
import { nextStep, titleOf, told } from '../words/promotion.ts';
import { statusLook } from '../words/status.ts';
import { NotFound } from './not-found.tsx';

/** One subject: what of it runs where, and its promotions. */
export const Subject = ({ kind: given, name }: { readonly kind: string; readonly name: string }) => {
  const kind = KINDS.find((one) => one === given);
  const overview = useData('overview', (signal) => ask(getOverview, { signal }), 30);
  const query = {
    limit: 20,
    ...(kind === undefined ? {} : { kind }),
    ...(kind === 'agent' ? { agent_id: name } : {}),
  };
  const promotions = useData(`promotions of ${given} ${name}`, (signal) =>
    ask(listPromotions, { query, signal }),
  );
  useEffect(() => {
    document.title = `${name} · Sluice`;
  }, [name]);
  if (kind === undefined) return <NotFound />;
  const subject = overview.value?.subjects.find((one) => one.kind === kind && one.name === name);
  const active = subject?.active ?? [];
  const mine = promotions.value?.items.filter(({ subject }) => subject.name === name);
  return (
    <>
      <nav class="crumb" aria-label="Path">
        <a href="/">Flow</a>
        <span>/</span>
        <span>{name}</span>
      </nav>
      <div class="head">
        <div>
          <h1>{kind === 'config' ? 'Configuration' : name}</h1>
          <p class="lead">
            <Icon name={kind} /> {KIND_WORDS[kind]}
          </p>
        </div>
        {kind === 'config' ? (
          <div class="btns">
            <a class="btn go" href="/web/compare">
              Compare and promote
            </a>
          </div>
        ) : subject === undefined || overview.value === undefined ? undefined : (
          <PromoteSubject subject={subject} overview={overview.value} />
        )}
      </div>
      {overview.problem === undefined ? undefined : (
        <ProblemNote problem={overview.problem} retry={overview.reload} />
      )}
      <section class="sect" aria-labelledby="runs">
        <header>
          <h2 id="runs">What runs where</h2>
        </header>
        {overview.value === undefined ? (
          <Loading rows={3} />
        ) : active.length === 0 ? (
          <Empty title="It runs nowhere that you may read" />
        ) : (
          <table class="tbl stack">
            <thead>
              <tr>
                <th scope="col">Environment</th>
                <th scope="col">Version</th>
                <th scope="col">Content</th>
                <th scope="col">Since</th>
              </tr>
            </thead>
            <tbody>
              {active.map((one) => (
                <tr key={`${one.environment} ${one.gateway_id}`}>
                  <td>
                    <b>
                      <a
                        class="q"
                        href={
                          kind === 'config'
                            ? pathTo('config', one.environment)
                            : pathTo('environments', one.environment)
                        }
                      >
                        {one.environment}
                      </a>
                    </b>
                    {one.gateway_id === null ? '' : `, ${one.gateway_id}`}
                  </td>
                  <td>{labelOf(one)}</td>
                  <td>
                    <Digest of={one.digest} long />
                  </td>
                  <td>
                    <Time at={one.since} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </section>
      <section class="sect" aria-labelledby="its">
        <header>
          <h2 id="its">Promotions</h2>
          <p>the newest</p>
        </header>
        {promotions.problem === undefined ? undefined : (
          <ProblemNote problem={promotions.problem} retry={promotions.reload} />
        )}
        {mine === undefined ? (
          promotions.problem === undefined ? (
            <Loading rows={3} />
          ) : undefined
        ) : mine.length === 0 ? (
          <Empty title="It was not promoted lately">
            <p>Promotions of it stand here as soon as somebody asks for one.</p>
          </Empty>
        ) : (
          <ul class="rows">
            {mine.map((promotion) => {
              const { icon, word, tone } = statusLook(promotion.status);
              return (
                <li key={promotion.id} class="prow" data-row>
                  <span class={`st ${tone}`}>
                    <Icon name={icon} />
                    {word}
                  </span>
                  <span class="grow">
                    <a class="q" href={pathTo('promotions', promotion.id)}>
                      <b>{titleOf(told(promotion))}</b>
                    </a>
                    <small>{nextStep(told(promotion))}</small>
                  </span>
                  <span class="mut sm">
                    <Time at={promotion.completed_at ?? promotion.created_at} />
                  </span>
                </li>
              );
            })}
          </ul>
        )}
      </section>
    </>
  );
};
