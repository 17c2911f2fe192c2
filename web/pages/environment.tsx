import { useEffect } from 'preact/hooks';
import { ApprovalPolicyView, approvalPolicies } from '../../functions/contract/approval-policies.ts';
import { type Environment, useEnvironments } from '../api/environments.ts';
import { useList } from '../api/list.ts';
import { Gates } from '../environment/gates.tsx';
import { Lock } from '../environment/lock.tsx';
import { Freezes } from '../freezes/of-environment.tsx';
import { iMay } from '../me.ts';
import { Empty, Loading, ProblemNote } from '../parts/notes.tsx';
import { pathTo } from '../router.ts';
import { EditableListing } from '../settings/editable.tsx';
import { PolicyEditor } from '../settings/policy-editor.tsx';
import { policyInWords } from '../words/governing.ts';

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
  const { name, owned_keys, rollback, requirements } = environment;
  const place = all.indexOf(environment);
  const before = all[place - 1]?.name;
  const after = all[place + 1]?.name;
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
      <Gates environment={environment} changed={changed} />
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
          <Freezes environment={name} />
          <Lock environment={environment} changed={changed} />
        </div>
      </div>
    </>
  );
};

const Policies = ({ name }: { readonly name: string }) => {
  const found = useList(ApprovalPolicyView, approvalPolicies.path, { whole: true });
  const mine = found.value?.filter(
    ({ environments }) => environments.includes(name) || environments.includes('*'),
  );
  return (
    <EditableListing
      title="Approval policies"
      says={
        <>
          The strictest holds. <a href="/web/settings/rules">All policies</a>
        </>
      }
      data={{ ...found, value: mine }}
      may={iMay('manage_catalog')}
      item={(policy) => ({ key: policy.id, name: policy.name, says: policyInWords(policy) })}
      editor={(policy, close) => <PolicyEditor policy={policy} close={close} />}
      empty={{
        title: `No policy names ${name}: the defaults hold`,
        says: 'A policy asks for more approvals, or for those of a group:',
        command: `POST /api/v1/approval-policies {"name": "two people", "environments": ["${name}"], "required_approvers": 2}`,
      }}
    />
  );
};
