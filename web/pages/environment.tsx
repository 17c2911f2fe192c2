import { useEffect } from 'preact/hooks';
import { ApprovalPolicyView, approvalPolicies } from '../../functions/contract/approval-policies.ts';
import { type Environment, useEnvironments } from '../api/environments.ts';
import { useList } from '../api/list.ts';
import { Freezes } from '../environment/freezes.tsx';
import { Lock } from '../environment/lock.tsx';
import { Empty, Loading, ProblemNote } from '../parts/notes.tsx';
import { pathTo } from '../router.ts';
import { policyInWords } from '../settings/rules.tsx';
import { count } from '../words/status.ts';

/** One environment: what it takes to enter, in words; its gates, freezes and lock. */
export const OneEnvironment = ({ name }: { readonly name: string }) => {
  const { value: all, problem, reload } = useEnvironments();
  useEffect(() => {
    document.title = `${name} · Sluice`;
  }, [name]);
  const here = all?.find((one) => one.name === name || one.aliases.includes(name));
  return (
    <>
      <nav class="crumb" aria-label="Path">
        <a href="/web/environments">Environments</a>
        <span>/</span>
        <span>{name}</span>
      </nav>
      {problem === undefined ? undefined : <ProblemNote problem={problem} retry={reload} />}
      {here !== undefined && all !== undefined ? (
        <Shown environment={here} all={all} changed={reload} />
      ) : (
        <>
          <h1>{name}</h1>
          {all === undefined ? (
            problem === undefined ? (
              <Loading />
            ) : undefined
          ) : (
            <Empty title="There is no such environment">
              <p>It may have another name, or you may not read it.</p>
            </Empty>
          )}
        </>
      )}
    </>
  );
};

const Shown = ({
  environment,
  all,
  changed,
}: {
  readonly environment: Environment;
  readonly all: readonly Environment[];
  readonly changed: () => void;
}) => {
  const { name, gates, owned_keys, rollback, requirements } = environment;
  const place = all.indexOf(environment);
  const before = all[place - 1]?.name;
  const after = all[place + 1]?.name;
  const blocking = gates.filter(({ mode }) => mode === 'block').length;
  return (
    <>
      <div class="head">
        <div>
          <h1>{name}</h1>
          <p class="lead">
            Number {place + 1} of {all.length}
            {before === undefined ? '' : `, after ${before}`}
            {after === undefined ? '' : `, before ${after}`}.
          </p>
        </div>
        <div class="btns">
          <a class="btn" href={pathTo('config', name)}>
            Its configuration
          </a>
          {before === undefined ? undefined : (
            <a class="btn" href={pathTo('compare', before, name)}>
              Compare with {before}
            </a>
          )}
        </div>
      </div>
      <section class="sect" aria-labelledby="enter">
        <header>
          <h2 id="enter">What it takes to enter</h2>
        </header>
        <p class="rule">
          To enter <b>{name}</b>, <b>configuration</b> {requirements.config}.
          <br />
          An <b>artifact</b> {requirements.artifact}.
          <br />
          An <b>agent</b> {requirements.agent}.
        </p>
      </section>
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
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <div class="grid2">
        <div>
          <Policies name={name} />
          <section class="sect" aria-labelledby="more">
            <header>
              <h2 id="more">Also</h2>
            </header>
            <div class="row">
              <span>
                <b>Rollback</b>
                <br />
                <span class="sec">
                  {rollback === null
                    ? 'asks for what promoting asks for'
                    : rollback.requires_approval
                      ? 'needs an approval'
                      : 'needs no approval'}
                  ; freezes do not stop it
                </span>
              </span>
            </div>
            <div class="row">
              <span>
                <b>Owned keys</b>
                <br />
                <span class="sec">
                  {owned_keys.length === 0
                    ? 'none: a promotion may change every key'
                    : `${owned_keys.join(', ')} stay as they are`}
                </span>
              </span>
            </div>
          </section>
        </div>
        <div>
          <Freezes scope={name} />
          <Lock environment={environment} changed={changed} />
        </div>
      </div>
    </>
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
  return parts.length === 0 ? 'its defaults' : parts.join(', ');
}

const Policies = ({ name }: { readonly name: string }) => {
  const { value, problem } = useList(ApprovalPolicyView, approvalPolicies.path);
  const mine = value?.filter(({ environments }) => environments.includes(name) || environments.includes('*'));
  return (
    <section class="sect" aria-labelledby="policies">
      <header>
        <h2 id="policies">Approval policies</h2>
        <div class="end">
          <a href="/web/settings/rules">All</a>
        </div>
      </header>
      {problem === undefined ? undefined : <ProblemNote problem={problem} />}
      {mine?.length === 0 ? <p class="pad sec">None names {name}: the defaults hold.</p> : undefined}
      {mine?.map((policy) => (
        <div class="row" key={policy.id}>
          <span>
            <b>{policy.name}</b>
            <br />
            <span class="sec">{policyInWords(policy)}</span>
          </span>
        </div>
      ))}
    </section>
  );
};
