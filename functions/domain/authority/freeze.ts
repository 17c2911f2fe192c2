import { EVERYWHERE, type Freeze } from '../freeze/freeze.ts';
import { opensTime } from '../freeze/opens.ts';
import { KINDS } from '../subject.ts';
import type { Authority, World } from './class.ts';

const concerned = ({ environment: scope }: Freeze, { environments }: World): readonly string[] =>
  scope === EVERYWHERE ? environments.map(({ name }) => name) : [scope];

export const freezeAuthority: Authority<Freeze> = {
  members: {
    reason: 'neutral',
    environment: 'fixed',
    starts_at: 'merged',
    ends_at: 'merged',
    rrule: 'merged',
    timezone: 'merged',
    mode: 'merged',
    on_due: [
      {
        is: 'weakens',
        when: 'what is due in it waits, and does not fail',
        holds: ({ before, after }) => before?.on_due === 'fail' && after?.on_due === 'wait',
      },
    ],
  },
  concerns: concerned,
  kinds: KINDS,
  reads: ['freezes'],
  merged: {
    is: 'weakens',
    compares: 'the time that all freezes of its scope leave open, from now on',
    find({ before, after }, world) {
      const freeze = after ?? before;
      if (freeze === undefined) return [];
      const others = world.freezes.filter(
        (one) => one.environment === freeze.environment && one.id !== freeze.id,
      );
      if (!opensTime({ before, after, others }, world.now)) return [];
      return concerned(freeze, world).map((environment) => ({ environment, what: 'freeze', kinds: KINDS }));
    },
  },
};
