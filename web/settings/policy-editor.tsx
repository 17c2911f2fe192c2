import { useSignal } from '@preact/signals';
import {
  ApprovalPolicyView,
  approvalPolicies,
  whatIfPolicy,
} from '../../functions/contract/approval-policies.ts';
import { durationMilliseconds } from '../../functions/domain/instant.ts';
import { ask } from '../api/client.ts';
import { policyInWords } from '../words/governing.ts';
import { change } from './change.ts';
import { Check, NumberField } from './fields.tsx';
import { type Close, GOVERNS, Saving } from './saving.tsx';
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
  const fields = {
    required_approvers: needed.value || 0,
    separation_of_duties: apart.value,
    // What is not a whole number of days stays as it is until it is changed.
    expires_after: days.value === before || !(days.value > 0) ? policy.expires_after : `P${days.value}D`,
    require_comment: comment.value,
  };
  const { name, environments, groups, link_only } = policy;
  const proposed = { name, environments, groups: [...groups], link_only, ...fields };
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
      <p class="rule" aria-live="polite">
        {policyInWords({ ...policy, ...fields })}
      </p>
      <NumberField id="needed" label="Approvals" value={needed} least={0} most={100} />
      <NumberField id="days" label="Days until a request expires" value={days} least={1} most={365} />
      <fieldset>
        <legend class="f">Who may not approve, and what they say</legend>
        {bars.map((bar) => (
          <div key={bar}>
            <Check
              label={BARRED[bar]}
              checked={apart.value[bar]}
              set={(checked) => (apart.value = { ...apart.value, [bar]: checked })}
            />
          </div>
        ))}
        <Check
          label="Each approval says why"
          checked={comment.value}
          set={(checked) => (comment.value = checked)}
        />
      </fieldset>
      <WhatIf
        of={JSON.stringify(proposed)}
        ask={(query) => ask(whatIfPolicy, { body: { ...proposed, replaces: policy.id }, query })}
      />
    </Saving>
  );
};
