/** The closed lists of what the chain of changes says, by themselves: browsers load them too. */

export const CHANGE_ACTIONS = ['create', 'update', 'delete', 'lock', 'unlock'] as const;
export type ChangeAction = (typeof CHANGE_ACTIONS)[number];

export const CHANGE_TARGETS = [
  'environment',
  'freeze',
  'rule',
  'policy',
  'gateway',
  'registry',
  'consumer',
  'artifact_settings',
  'artifact_version',
  'flag_key',
  'channel',
  'member',
  'machine',
  'tenant',
  'pending_change',
] as const;
export type ChangeTarget = (typeof CHANGE_TARGETS)[number];

/** Why a change that weakens a protected environment took effect without a second admin. */
export const UNCONFIRMED = ['no_second_admin', 'removes_second_admin'] as const;
export type Unconfirmed = (typeof UNCONFIRMED)[number];
