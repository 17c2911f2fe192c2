import { useSignal } from '@preact/signals';
import { MemberView, members } from '../../functions/contract/members.ts';
import type { Grant } from '../../functions/domain/identity/principal.ts';
import { aboutOf } from './about.tsx';
import { Grants } from './access-fields.tsx';
import { change, create, remove } from './change.ts';
import { Check, TextField, wordsIn } from './fields.tsx';
import { type Close, GOVERNS, Saving } from './saving.tsx';

const about = aboutOf(members.body);

/** A member being changed, or added. */
export const MemberEditor = ({ member, close }: { readonly member?: MemberView; readonly close: Close }) => {
  const subject = useSignal('');
  const email = useSignal(member?.email ?? '');
  const roles = useSignal<readonly Grant[]>(member?.roles ?? []);
  const groups = useSignal(member?.groups.join(', ') ?? '');
  const active = useSignal(member?.status !== 'inactive');
  const fields = {
    email: email.value.trim(),
    roles: roles.value,
    groups: wordsIn(groups.value),
    status: active.value ? 'active' : 'inactive',
  };
  const path = `${members.path}/${encodeURIComponent(member?.subject ?? '')}`;
  return (
    <Saving
      name={member?.email ?? 'The new member'}
      effect={GOVERNS}
      close={close}
      {...(member === undefined
        ? {
            made: 'added',
            save: (reason) =>
              create(MemberView, members.path, {
                fields: { subject: subject.value.trim(), ...fields },
                reason,
              }),
          }
        : {
            save: (reason) => change(MemberView, path, { version: member.version, fields, reason }),
            removal: (reason) => remove(path, { version: member.version, reason }),
          })}
    >
      {member === undefined ? (
        <TextField
          id="subject"
          label="Subject, as your identity provider names it (sub)"
          about={about('subject')}
          value={subject}
        />
      ) : undefined}
      <TextField id="email" label="E-mail address" about={about('email')} value={email} />
      <TextField
        id="groups"
        label="Groups, separated by commas"
        about={about('groups')}
        value={groups}
        optional
      />
      <Grants of="member" about={about('roles')} value={roles} />
      <Check
        label="Active: may sign in and act"
        about={about('status')}
        checked={active.value}
        set={(on) => (active.value = on)}
      />
    </Saving>
  );
};
