import { useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';
import { RuleView, rules } from '../../functions/contract/rules.ts';
import { useEnvironments } from '../api/environments.ts';
import type { Outcome } from '../api/problem.ts';
import { ruleInWords } from '../words/governing.ts';
import { aboutOf } from './about.tsx';
import { type Changed, change, create, remove } from './change.ts';
import { Check, Choice, NumberField, TextField } from './fields.tsx';
import { type Close, GOVERNS, Saving } from './saving.tsx';

const about = aboutOf(rules.body);
const STATUSES = ['active', 'inactive'] as const;

/** A promotion rule being changed, or added: the sentence that it becomes stands above its controls. */
export const RuleEditor = ({ rule, close }: { readonly rule?: RuleView; readonly close: Close }) => {
  const id = useId();
  const { value: all = [] } = useEnvironments();
  const names = all.map(({ name }) => name);
  const name = useSignal(rule?.name ?? '');
  const source = useSignal(rule?.source_environment ?? '');
  const target = useSignal(rule?.target_environment ?? '');
  const asks = useSignal(rule?.requires_approval ?? true);
  const needed = useSignal(rule?.required_approvers ?? 1);
  const auto = useSignal(rule?.auto_promote ?? false);
  const conditions = useSignal(rule?.conditions == null ? '' : JSON.stringify(rule.conditions));
  const gateway = useSignal(rule?.target_gateway_id ?? '');
  const status = useSignal(rule?.status ?? 'active');
  const from = source.value === '' ? (names.at(-2) ?? '') : source.value;
  const to = target.value === '' ? (names.at(-1) ?? '') : target.value;
  const met = conditionsOf(conditions.value);
  const said = {
    name: name.value.trim(),
    source_environment: from,
    target_environment: to,
    requires_approval: asks.value,
    required_approvers: needed.value || 0,
    auto_promote: auto.value,
    status: status.value,
  };
  const optional = { conditions: met ?? null, target_gateway_id: gateway.value.trim() || null };
  const save = async (reason: string): Promise<Outcome<Changed>> => {
    if (met === undefined) return UNREADABLE;
    if (rule !== undefined)
      return await change(RuleView, pathOf(rule), {
        version: rule.version,
        fields: { ...said, ...optional },
        reason,
      });
    const present = Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== null));
    return await create(RuleView, rules.path, { fields: { ...said, ...present }, reason });
  };
  return (
    <Saving
      name={rule?.name ?? 'The new rule'}
      effect={`${auto.value && status.value === 'active' ? `From the next deployment in ${from} on, what fits is promoted to ${to} without anybody asking. ` : ''}${GOVERNS}`}
      close={close}
      save={save}
      {...(rule === undefined
        ? { made: 'added' as const }
        : {
            removal: (reason: string) => remove(pathOf(rule), { version: rule.version, reason }),
          })}
    >
      <p class="rule" aria-live="polite">
        {ruleInWords({ ...said, conditions: met ?? null })}
      </p>
      <TextField id={`${id}-name`} label="Name of the rule" about={about('name')} value={name} />
      {rule !== undefined || names.length === 0 ? undefined : (
        <>
          <Step
            id={`${id}-from`}
            label="From"
            chosen={from}
            among={names}
            choose={(one) => (source.value = one)}
          />
          <Step id={`${id}-to`} label="To" chosen={to} among={names} choose={(one) => (target.value = one)} />
        </>
      )}
      <Check
        label="It asks for approvals"
        about={about('requires_approval')}
        checked={asks.value}
        set={(checked) => (asks.value = checked)}
      />
      {asks.value ? (
        <NumberField
          id={`${id}-needed`}
          label="Approvals that it asks for"
          about={about('required_approvers')}
          value={needed}
          least={0}
          most={100}
        />
      ) : undefined}
      <Check
        label={`What runs in ${from} is promoted by itself`}
        about={about('auto_promote')}
        checked={auto.value}
        set={(checked) => (auto.value = checked)}
      />
      <TextField
        id={`${id}-conditions`}
        label='Conditions as JSON, such as {"field": "tests.pass_rate", "op": "gte", "value": 95}; none: always'
        about={about('conditions')}
        value={conditions}
        optional
      />
      <TextField
        id={`${id}-gateway`}
        label="Gateway that agents are promoted to; none: the only one there"
        about={about('target_gateway_id')}
        value={gateway}
        optional
      />
      <Choice
        id={`${id}-status`}
        label="The rule is"
        about={about('status')}
        value={status}
        among={STATUSES}
      />
    </Saving>
  );
};

/** One end of the way: until somebody chooses, the last step of the pipeline. */
const Step = ({
  id,
  label,
  chosen,
  among,
  choose,
}: {
  readonly id: string;
  readonly label: string;
  readonly chosen: string;
  readonly among: readonly string[];
  readonly choose: (one: string) => void;
}) => (
  <div>
    <label class="f" for={id}>
      {label}
    </label>
    <select class="in" id={id} value={chosen} onChange={({ currentTarget }) => choose(currentTarget.value)}>
      {among.map((one) => (
        <option key={one} value={one}>
          {one}
        </option>
      ))}
    </select>
  </div>
);

const pathOf = ({ id }: RuleView): string => `${rules.path}/${encodeURIComponent(id)}`;

/** Conditions as somebody typed them: `null` for none, `undefined` where they are no JSON object. Their grammar is the server's to judge. */
function conditionsOf(text: string): RuleView['conditions'] | undefined {
  if (text.trim() === '') return null;
  try {
    const read: unknown = JSON.parse(text);
    return typeof read === 'object' && read !== null && !Array.isArray(read) ? { ...read } : undefined;
  } catch {
    return undefined;
  }
}

const UNREADABLE: Outcome<Changed> = {
  ok: false,
  problem: {
    status: 0,
    code: 'invalid_request',
    title: 'Nothing was sent',
    detail: 'The conditions are no JSON object',
  },
};
