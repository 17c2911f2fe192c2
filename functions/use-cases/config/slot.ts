import type { Slot, Subject } from '../../domain/subject.ts';

/** All configs and flags of an environment are one subject. */
export const CONFIG: Subject = { kind: 'config', name: 'config' };

export const slotIn = (environment: string): Slot => ({ subject: CONFIG, environment });
