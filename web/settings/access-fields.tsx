import { type Signal, useSignal } from '@preact/signals';
import { type Grant, ROLES, type Role } from '../../functions/domain/identity/principal.ts';
import { useEnvironments } from '../api/environments.ts';
import { About, describedBy } from './about.tsx';
import { Choice } from './fields.tsx';

const EVERYWHERE = 'everywhere';

/** The roles of a person or machine, each everywhere or in one environment: taken away one by one, and added. */
export const Grants = ({
  of,
  about,
  value,
}: {
  /** Tells the fields of two open forms apart. */
  readonly of: 'member' | 'machine';
  readonly about?: string | undefined;
  readonly value: Signal<readonly Grant[]>;
}) => {
  const role = useSignal<Role>('viewer');
  const where = useSignal<string>(EVERYWHERE);
  const environments = useEnvironments().value ?? [];
  const added: Grant =
    where.value === EVERYWHERE ? { role: role.value } : { role: role.value, environment: where.value };
  const known = value.value.some((grant) => grantInWords(grant) === grantInWords(added));
  return (
    <fieldset class="wide" {...describedBy(`${of}-roles`, about)}>
      <legend class="f">Roles</legend>
      <About id={`${of}-roles`} text={about} />
      {value.value.length === 0 ? <p class="sec">No roles: nothing may be read or done.</p> : undefined}
      <ul class="rows">
        {value.value.map((grant) => (
          <li key={grantInWords(grant)} class="row">
            <span class="grow">{grantInWords(grant)}</span>
            <button
              type="button"
              class="btn bare"
              onClick={() => {
                value.value = value.value.filter((other) => other !== grant);
              }}
            >
              Take away<span class="sr"> {grantInWords(grant)}</span>
            </button>
          </li>
        ))}
      </ul>
      <div class="btns">
        <Choice
          id={`${of}-role`}
          label="Role"
          value={role}
          among={ROLES}
          words={(one) => one.replaceAll('_', ' ')}
        />
        <Choice
          id={`${of}-where`}
          label="Where"
          value={where}
          among={[EVERYWHERE, ...environments.map(({ name }) => name)]}
        />
        <button
          type="button"
          class="btn"
          aria-disabled={known ? 'true' : undefined}
          onClick={() => {
            if (!known) value.value = [...value.value, added];
          }}
        >
          Add the role
        </button>
      </div>
    </fieldset>
  );
};

/** A role as people say it: `approver in production`. */
export const grantInWords = ({
  role,
  environment,
}: {
  readonly role: string;
  readonly environment?: string;
}): string => {
  const word = role.replaceAll('_', ' ');
  return environment === undefined ? word : `${word} in ${environment}`;
};
