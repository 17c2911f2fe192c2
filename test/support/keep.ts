import * as z from 'zod/mini';
import { policy as policyNoun } from '../../functions/domain/catalog/approval-policy.ts';
import { type Freeze, type FreezeFields, freeze as noun } from '../../functions/domain/freeze/freeze.ts';
import type { MachineFields } from '../../functions/domain/identity/machine.ts';
import type { MemberFields } from '../../functions/domain/identity/member.ts';
import type { Principal } from '../../functions/domain/identity/principal.ts';
import type { Refusal } from '../../functions/domain/refusal.ts';
import { machines } from '../../functions/use-cases/administration/machines.ts';
import { members } from '../../functions/use-cases/administration/members.ts';
import { approvalPolicies } from '../../functions/use-cases/catalog/approval-policies.ts';
import {
  isWaiting,
  type KeepingDeps,
  type Kept,
  type Outcome,
} from '../../functions/use-cases/catalog/description.ts';
import type { EnvironmentFields } from '../../functions/use-cases/catalog/environment-fields.ts';
import { environments } from '../../functions/use-cases/catalog/environments.ts';
import { changeItem, createItem, deleteItem } from '../../functions/use-cases/catalog/keeping.ts';
import { freezes } from '../../functions/use-cases/freezes/freezes.ts';

/** Keeping nouns as the API does, by use case alone; whatever weakens says why. */

type Deps = Omit<KeepingDeps, 'allowLoopback'>;
type By = { readonly principal: Principal };
type OneFreeze = By & { readonly scope: string; readonly id: string };

const reason = 'as the test asks';

/** What one admin does alone. */
function done<T extends Kept>(outcome: Outcome<T> | Refusal): T | Refusal {
  if ('refused' in outcome) return outcome;
  if (isWaiting(outcome)) throw new Error('waits for a second admin');
  return outcome;
}

const keeping = (deps: Deps): KeepingDeps => ({ ...deps, allowLoopback: false });

export const createPolicy = (
  deps: Deps,
  { principal, policy }: By & { readonly policy: z.input<typeof policyNoun.body> },
) =>
  createItem(keeping(deps), approvalPolicies, {
    principal,
    fields: z.parse(policyNoun.body, policy),
    reason,
  });

export const createFreeze = (
  deps: Deps,
  { principal, scope, freeze }: By & { readonly scope: string; readonly freeze: NewFreeze },
) => createItem(keeping(deps), freezes, { principal, scope, fields: z.parse(noun.body, freeze) }).then(done);

export type NewFreeze = z.input<typeof noun.body>;

export const updateFreeze = (
  deps: Deps,
  { principal, scope, id, change }: OneFreeze & { readonly change: Partial<FreezeFields> },
) =>
  changeItem(keeping(deps), freezes, {
    principal,
    ref: { scope, id },
    fieldsOf: (stored: Freeze) => ({ ...stored, ...change }),
    ifMatch: undefined,
    reason,
  });

export const deleteFreeze = (deps: Deps, { principal, scope, id }: OneFreeze) =>
  deleteItem(keeping(deps), freezes, { principal, ref: { scope, id }, ifMatch: undefined, reason });

type One = By & { readonly id: string };

export const updateEnvironment = (
  deps: Deps,
  { principal, name, change }: By & { readonly name: string; readonly change: Partial<EnvironmentFields> },
) =>
  changeItem(keeping(deps), environments, {
    principal,
    ref: { id: name },
    fieldsOf: (stored) => ({ ...stored, ...change }),
    ifMatch: undefined,
    reason,
  });

export const updateMember = (
  deps: Deps,
  { principal, subject, change }: By & { readonly subject: string; readonly change: Partial<MemberFields> },
) =>
  changeItem(keeping(deps), members, {
    principal,
    ref: { id: subject },
    fieldsOf: ({ grants, ...stored }) => ({ ...stored, roles: grants, ...change }),
    ifMatch: undefined,
    reason,
  });

export const deleteMember = (deps: Deps, { principal, subject }: By & { readonly subject: string }) =>
  deleteItem(keeping(deps), members, { principal, ref: { id: subject }, ifMatch: undefined, reason });

export const updateMachine = (
  deps: Deps,
  { principal, id, change }: One & { readonly change: Partial<MachineFields> },
) =>
  changeItem(keeping(deps), machines, {
    principal,
    ref: { id },
    fieldsOf: ({ grants, ...stored }) => ({ ...stored, roles: grants, ...change }),
    ifMatch: undefined,
    reason,
  });

export const deleteMachine = (deps: Deps, { principal, id }: One) =>
  deleteItem(keeping(deps), machines, { principal, ref: { id }, ifMatch: undefined, reason });
