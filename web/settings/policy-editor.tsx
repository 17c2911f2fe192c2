import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import {
  ApprovalPolicyView,
  approvalPolicies,
  whatIfPolicy,
} from '../../functions/contract/approval-policies.ts';
import { durationMilliseconds } from '../../functions/domain/instant.ts';
import { unreachable } from '../../functions/domain/unreachable.ts';
import { ask } from '../api/client.ts';
import { policySentence } from '../words/governing.ts';
import { change } from './change.ts';
import { Check, NumberField } from './fields.tsx';
import { Groups } from './groups.tsx';
import { type Close, GOVERNS, Saving } from './saving.tsx';
import { Sentence } from './sentence.tsx';
import { WhatIf } from './what-if.tsx';

const DAY = 86_400_000;

/** Whom an approval policy may bar, as its control says it. */
const BARRED = {
  requester: 'Not from the requester',
  author: 'Not from who wrote the change',
  previous_promoter: 'Not from who promoted it before',
  evidence_producer: 'Not from who produced its evidence',
} as const;
const bars = Object.keys(BARRED).filter((name): name is keyof typeof BARRED => name in BARRED);

/** An approval policy being changed: the sentence that it becomes stands above its controls. */
export const PolicyEditor = ({
  policy,
  close,
}: {
  readonly policy: ApprovalPolicyView;
  readonly close: Close;
}) => {
  const needed = useSignal(policy.required_approvers);
  const before = (durationMilliseconds(policy.expires_after) ?? DAY) / DAY;
  const days = useSignal(before);
  const comment = useSignal(policy.require_comment);
  const apart = useSignal(policy.separation_of_duties);
  const groups = useSignal(policy.groups);
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
  const { name, environments, link_only } = policy;
  const proposed = { name, environments, link_only, ...fields };
  return (
    <Saving
      name={name}
      effect={GOVERNS}
      close={close}
      save={(reason) =>
        change(ApprovalPolicyView, `${approvalPolicies.path}/${policy.id}`, {
          version: policy.version,
          fields,
          reason,
        })
      }
    >
      <Sentence
        parts={policySentence({ ...policy, ...fields }, true)}
        control={(word) => {
          switch (word) {
            case 'approvals':
              return <NumberField id="needed" label="Approvals" value={needed} least={0} most={100} />;
            case 'groups':
              return <Groups value={groups} />;
            case 'apart':
              return (
                <fieldset>
                  <legend class="f">Who may not approve</legend>
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
                  checked={comment.value}
                  set={(checked) => (comment.value = checked)}
                />
              );
            case 'expiry':
              return (
                <NumberField
                  id="days"
                  label="Days until a request expires"
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
        unchanged={unchanged}
        ask={(query) => ask(whatIfPolicy, { body: { ...proposed, replaces: policy.id }, query })}
      />
    </Saving>
  );
};
