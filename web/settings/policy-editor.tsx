import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import {
  ApprovalPolicyView,
  approvalPolicies,
  whatIfPolicy,
} from '../../functions/contract/approval-policies.ts';
import { DEFAULT_EXPIRY, DEFAULT_SEPARATION } from '../../functions/domain/catalog/approval-policy.ts';
import { durationMilliseconds } from '../../functions/domain/instant.ts';
import { EVERY_ENVIRONMENT } from '../../functions/domain/policy/merge.ts';
import { unreachable } from '../../functions/domain/unreachable.ts';
import { ask } from '../api/client.ts';
import { useEnvironments } from '../api/environments.ts';
import { policySentence } from '../words/governing.ts';
import { About, aboutOf } from './about.tsx';
import { change, create, remove } from './change.ts';
import { Among, Check, NumberField, TextField } from './fields.tsx';
import { Groups } from './groups.tsx';
import { type Close, GOVERNS, Saving } from './saving.tsx';
import { Sentence } from './sentence.tsx';
import { WhatIf } from './what-if.tsx';

const about = aboutOf(approvalPolicies.body);
const DAY = 86_400_000;
const NEW = 'The new policy';

/** Whom an approval policy may bar, as its control says it. */
const BARRED = {
  requester: 'Not from the requester',
  author: 'Not from who wrote the change',
  previous_promoter: 'Not from who promoted it before',
  evidence_producer: 'Not from who produced its evidence',
} as const;
const bars = Object.keys(BARRED).filter((name): name is keyof typeof BARRED => name in BARRED);

/** A policy before anything is said of it: what the API takes for what is absent. */
const FIRST = {
  name: '',
  environments: [EVERY_ENVIRONMENT],
  required_approvers: 1,
  groups: [],
  separation_of_duties: DEFAULT_SEPARATION,
  expires_after: DEFAULT_EXPIRY,
  require_comment: false,
  link_only: false,
} as const;

/** An approval policy being changed, or added: the sentence that it becomes stands above its controls. */
export const PolicyEditor = ({
  policy: given,
  close,
}: {
  readonly policy?: ApprovalPolicyView;
  readonly close: Close;
}) => {
  const policy = given ?? FIRST;
  const title = useSignal(policy.name);
  const where = useSignal<'all' | readonly string[]>(
    policy.environments.some((one) => one === EVERY_ENVIRONMENT) ? 'all' : policy.environments,
  );
  const { value: all = [] } = useEnvironments();
  const needed = useSignal(policy.required_approvers);
  const before = (durationMilliseconds(policy.expires_after) ?? DAY) / DAY;
  const days = useSignal(before);
  const comment = useSignal(policy.require_comment);
  const apart = useSignal<ApprovalPolicyView['separation_of_duties']>(policy.separation_of_duties);
  const groups = useSignal<ApprovalPolicyView['groups']>([...policy.groups]);
  const fields = {
    // An empty field asks for nothing else yet.
    required_approvers: Number.isInteger(needed.value) ? needed.value : policy.required_approvers,
    groups: groups.value.filter(({ group, min }) => group !== '' && min > 0),
    separation_of_duties: apart.value,
    // What is not a whole number of days stays as it is until it is changed.
    expires_after: days.value === before || !(days.value > 0) ? policy.expires_after : `P${days.value}D`,
    require_comment: comment.value,
  };
  const unchanged = useRef(JSON.stringify(fields)).current === JSON.stringify(fields);
  const named = {
    name: title.value.trim(),
    environments: where.value === 'all' ? [EVERY_ENVIRONMENT] : [...where.value],
    link_only: policy.link_only,
  };
  const proposed = { ...named, name: named.name || NEW, ...fields };
  const { path } = approvalPolicies;
  return (
    <Saving
      name={given?.name ?? NEW}
      effect={GOVERNS}
      close={close}
      {...(given === undefined
        ? {
            made: 'added' as const,
            save: (reason: string) =>
              create(ApprovalPolicyView, path, { fields: { ...named, ...fields }, reason }),
          }
        : {
            save: (reason: string) =>
              change(ApprovalPolicyView, `${path}/${given.id}`, { version: given.version, fields, reason }),
            removal: (reason: string) => remove(`${path}/${given.id}`, { version: given.version, reason }),
          })}
    >
      {given !== undefined ? undefined : (
        <>
          <TextField id="policy-name" label="Name of the policy" about={about('name')} value={title} />
          <Among
            legend="To enter"
            about={about('environments')}
            all="Any environment"
            value={where}
            among={all.map(({ name }) => name)}
          />
        </>
      )}
      <Sentence
        parts={policySentence({ ...policy, ...named, ...fields }, true)}
        control={(word) => {
          switch (word) {
            case 'approvals':
              return (
                <NumberField
                  id="needed"
                  label="Approvals"
                  about={about('required_approvers')}
                  value={needed}
                  least={0}
                  most={100}
                />
              );
            case 'groups':
              return <Groups value={groups} />;
            case 'apart':
              return (
                <fieldset>
                  <legend class="f">Who may not approve</legend>
                  <About id="apart" text={about('separation_of_duties')} />
                  {bars.map((bar) => (
                    <div key={bar}>
                      <Check
                        label={BARRED[bar]}
                        checked={apart.value[bar]}
                        set={(checked) => (apart.value = { ...apart.value, [bar]: checked })}
                      />
                    </div>
                  ))}
                </fieldset>
              );
            case 'comment':
              return (
                <Check
                  label="Each approval says why"
                  about={about('require_comment')}
                  checked={comment.value}
                  set={(checked) => (comment.value = checked)}
                />
              );
            case 'expiry':
              return (
                <NumberField
                  id="days"
                  label="Days until a request expires"
                  about={about('expires_after')}
                  value={days}
                  least={1}
                  most={365}
                />
              );
            default:
              return unreachable(word);
          }
        }}
      />
      <WhatIf
        of={JSON.stringify(proposed)}
        unchanged={given !== undefined && unchanged}
        ask={(query) =>
          ask(whatIfPolicy, {
            body: given === undefined ? proposed : { ...proposed, replaces: given.id },
            query,
          })
        }
      />
    </Saving>
  );
};
