import { useSignal } from '@preact/signals';
import { MachineView, type MemberView, machines } from '../../functions/contract/members.ts';
import type { Grant } from '../../functions/domain/identity/principal.ts';
import { aboutOf } from './about.tsx';
import { Grants } from './access-fields.tsx';
import { change, create, remove } from './change.ts';
import { Choice, TextField, wordsIn } from './fields.tsx';
import { type Close, GOVERNS, Saving } from './saving.tsx';

const about = aboutOf(machines.body);

/** A machine being changed, or added. One of the people answers for it. */
export const MachineEditor = ({
  machine,
  people,
  close,
}: {
  readonly machine?: MachineView;
  readonly people: readonly MemberView[];
  readonly close: Close;
}) => {
  const name = useSignal(machine?.name ?? '');
  const account = useSignal(machine?.account ?? '');
  const role = useSignal(machine?.role ?? '');
  const unique = useSignal(machine?.unique_id ?? '');
  const owner = useSignal(machine?.owner ?? people[0]?.subject ?? '');
  const roles = useSignal<readonly Grant[]>(machine?.roles ?? []);
  const groups = useSignal(machine?.groups.join(', ') ?? '');
  const fields = {
    name: name.value.trim(),
    account: account.value.trim(),
    role: role.value.trim(),
    unique_id: unique.value.trim(),
    owner: owner.value,
    roles: roles.value,
    groups: wordsIn(groups.value),
  };
  const path = `${machines.path}/${encodeURIComponent(machine?.id ?? '')}`;
  const subjects = [...new Set([owner.value, ...people.map(({ subject }) => subject)])];
  return (
    <Saving
      name={machine?.name ?? 'The new machine'}
      effect={GOVERNS}
      close={close}
      {...(machine === undefined
        ? { made: 'added', save: (reason) => create(MachineView, machines.path, { fields, reason }) }
        : {
            save: (reason) => change(MachineView, path, { version: machine.version, fields, reason }),
            removal: (reason) => remove(path, { version: machine.version, reason }),
          })}
    >
      <TextField id="machine-name" label="Name" about={about('name')} value={name} />
      <TextField id="account" label="AWS account, 12 digits" about={about('account')} value={account} />
      <TextField id="iam-role" label="Name of the IAM role" about={about('role')} value={role} />
      <TextField
        id="unique"
        label="Unique id of the IAM role, such as AROA…"
        about={about('unique_id')}
        value={unique}
      />
      <Choice
        id="owner"
        label="Who answers for it"
        about={about('owner')}
        value={owner}
        among={subjects}
        words={(subject) => people.find((one) => one.subject === subject)?.email ?? subject}
      />
      <TextField
        id="machine-groups"
        label="Groups, separated by commas"
        about={about('groups')}
        value={groups}
        optional
      />
      <Grants of="machine" about={about('roles')} value={roles} />
    </Saving>
  );
};
