import { MachineView, MemberView, machines, members } from '../../functions/contract/members.ts';
import { session } from '../api/client.ts';
import { useList } from '../api/list.ts';
import { iMay } from '../me.ts';
import { Empty } from '../parts/notes.tsx';
import { ItemRow, Listing } from './listing.tsx';

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

const Everybody = () => (
  <>
    <Listing
      title="People"
      says="Members of this tenant"
      data={useList(MemberView, members.path)}
      row={({ subject, email, roles, groups, status }) => (
        <ItemRow
          key={subject}
          name={email}
          says={`${roles.length === 0 ? 'no roles' : rolesIn(roles)}${groups.length === 0 ? '' : `; groups ${groups.join(', ')}`}${status === 'active' ? '' : '; inactive'}`}
        />
      )}
      empty={{
        title: 'Nobody is a member yet',
        says: 'Members come from your identity provider; their roles are given here:',
        command: 'POST /api/v1/members {"subject": "…", "email": "…", "roles": [{"role": "developer"}]}',
      }}
    />
    <Listing
      title="Machines"
      says="IAM roles that may call, each with the person who answers for it"
      data={useList(MachineView, machines.path)}
      row={({ id, name, account, role, roles, owner }) => (
        <ItemRow
          key={id}
          name={name}
          says={`role ${role} of account ${account}: ${roles.length === 0 ? 'no roles' : rolesIn(roles)}; ${owner} answers for it`}
        />
      )}
      empty={{
        title: 'No machine may call yet',
        says: 'A pipeline that records deployments or evidence is registered by its IAM role:',
        command:
          'POST /api/v1/principals {"name": "ci", "account": "…", "role": "ci", "unique_id": "AROA…", "owner": "…"}',
      }}
    />
  </>
);

const rolesIn = (roles: readonly { readonly role: string; readonly environment?: string }[]): string =>
  roles
    .map(({ role, environment }) => (environment === undefined ? role : `${role} in ${environment}`))
    .join(', ');
