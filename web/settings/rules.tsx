import { ApprovalPolicyView, approvalPolicies } from '../../functions/contract/approval-policies.ts';
import { RuleView, rules } from '../../functions/contract/rules.ts';
import { useList } from '../api/list.ts';
import { iMay } from '../me.ts';
import { policyInWords, ruleInWords } from '../words/governing.ts';
import { EditableListing } from './editable.tsx';
import { PolicyEditor } from './policy-editor.tsx';
import { RuleEditor } from './rule-editor.tsx';

/** What asks for approvals, and what promotes by itself; each as a sentence. */
export const Rules = () => {
  const policies = useList(ApprovalPolicyView, approvalPolicies.path);
  return (
    <>
      <EditableListing
        title="Approval policies"
        says="The strictest of all that name an environment holds there"
        data={policies}
        may={iMay('manage_catalog')}
        item={(policy) => ({ key: policy.id, name: policy.name, says: policyInWords(policy) })}
        editor={(policy, close) => <PolicyEditor policy={policy} close={close} />}
        add={{ label: 'Add a policy', form: (close) => <PolicyEditor close={close} /> }}
        empty={{
          title: 'No approval policy is set',
          says: 'Without one a protected environment asks for one approval, and never from the requester. A policy asks for more:',
          command:
            'POST /api/v1/approval-policies {"name": "two eyes more", "environments": ["production"], "required_approvers": 2, "groups": []}',
        }}
      />
      <EditableListing
        title="Promotion rules"
        says="What moves on by itself, and what has to ask first"
        data={useList(RuleView, rules.path)}
        may={iMay('manage_catalog')}
        item={(rule) => ({ key: rule.id, name: rule.name, says: ruleInWords(rule) })}
        editor={(rule, close) => <RuleEditor rule={rule} close={close} />}
        add={{ label: 'Add a rule', form: (close) => <RuleEditor close={close} /> }}
        empty={{
          title: 'No rule is set',
          says: 'A rule promotes what runs well by itself, or asks for approvals on one way:',
          command:
            'POST /api/v1/promotions/rules {"name": "on to staging", "source_environment": "development", "target_environment": "staging", "auto_promote": true}',
        }}
      />
    </>
  );
};
