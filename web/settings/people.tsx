import { MachineView, MemberView, machines, members } from '../../functions/contract/members.ts';
import { session } from '../api/client.ts';
import { useList } from '../api/list.ts';
import { iMay } from '../me.ts';
import { Empty } from '../parts/notes.tsx';
import { grantInWords } from './access-fields.tsx';
import { EditableListing } from './editable.tsx';
import { MachineEditor } from './machine-editor.tsx';
import { MemberEditor } from './member-editor.tsx';

/** Who may do what: people, and machines with the person who answers for each. */
export const People = () => {
  const known = session.value;
  const mine = known?.roles ?? [];
  return (
    <>
      <section class="sect">
        <header>
          <h2>You</h2>
        </header>
        <p class="pad">
          You are {known?.email}. {mine.length === 0 ? 'You have no roles yet.' : `You are ${rolesIn(mine)}.`}
          {(known?.groups.length ?? 0) === 0 ? '' : ` Your groups: ${known?.groups.join(', ')}.`}
        </p>
      </section>
      {iMay('manage_members') ? (
        <Everybody />
      ) : (
        <section class="sect">
          <Empty title="Members are shown to administrators">
            <p>Ask an administrator for another role, or to add somebody.</p>
          </Empty>
        </section>
      )}
    </>
  );
};

const Everybody = () => {
  const people = useList(MemberView, members.path);
  const known = people.value ?? [];
  return (
    <>
      <EditableListing
        title="People"
        says="Members of this tenant"
        data={people}
        may
        item={({ subject, email, roles, groups, status }) => ({
          key: subject,
          name: email,
          says: `${rolesIn(roles)}${groupsIn(groups)}${status === 'active' ? '' : '; inactive'}`,
        })}
        editor={(member, close) => <MemberEditor member={member} close={close} />}
        add={{ label: 'Add a member', form: (close) => <MemberEditor close={close} /> }}
        empty={{
          title: 'Nobody is a member yet',
          says: 'Members come from your identity provider; their roles are given here:',
          command: 'POST /api/v1/members {"subject": "…", "email": "…", "roles": [{"role": "developer"}]}',
        }}
      />
      <EditableListing
        title="Machines"
        says="IAM roles that may call, each with the person who answers for it"
        data={useList(MachineView, machines.path)}
        may
        item={({ id, name, account, role, roles, groups, owner }) => ({
          key: id,
          name,
          says: `role ${role} of account ${account}: ${rolesIn(roles)}${groupsIn(groups)}; ${known.find(({ subject }) => subject === owner)?.email ?? owner} answers for it`,
        })}
        editor={(machine, close) => <MachineEditor machine={machine} people={known} close={close} />}
        add={{ label: 'Add a machine', form: (close) => <MachineEditor people={known} close={close} /> }}
        empty={{
          title: 'No machine may call yet',
          says: 'A pipeline that records deployments or evidence is registered by its IAM role:',
          command:
            'POST /api/v1/principals {"name": "ci", "account": "…", "role": "ci", "unique_id": "AROA…", "owner": "…"}',
        }}
      />
    </>
  );
};

const rolesIn = (roles: readonly { readonly role: string; readonly environment?: string }[]): string =>
  roles.length === 0 ? 'no roles' : roles.map(grantInWords).join(', ');
const groupsIn = (groups: readonly string[]): string =>
  groups.length === 0 ? '' : `; groups ${groups.join(', ')}`;
