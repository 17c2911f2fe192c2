import { machine, person } from '../deployments/world.ts';

/** The people of the agent-promotion document. */
export const DEV = person('dev', 'developer', 'promoter');
export const ALICE = person('alice', 'approver', 'promoter');
export const BOB = person('bob', 'approver', 'promoter');
export const ADMIN = person('admin', 'admin');
export const VIEWER = person('victor', 'viewer');
export const GATEWAY = machine('mach-gw', 'recorder');
