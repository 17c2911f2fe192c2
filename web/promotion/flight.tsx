import type { ComponentChildren } from 'preact';
import { spokenInstant } from '../../functions/domain/instant.ts';
import { Icon } from '../parts/icon.tsx';
import type { IconName } from '../parts/icon-name.ts';
import { Time } from '../parts/time.tsx';
import { plain, type Tone } from '../words/status.ts';
import type { Promotion } from './live.ts';

/** A gate in section: how far its board stands open. */
type Gate = {
  readonly name: string;
  readonly board: 'pass' | 'warn' | 'now' | 'bad' | 'held' | 'next';
  readonly icon: IconName;
  readonly tone: Tone;
  readonly why: string;
};

const LOOK: {
  readonly [status in Promotion['gates'][number]['status']]: Omit<Gate, 'name' | 'why'>;
} = {
  PASSED: { board: 'pass', icon: 'passed', tone: 'ok' },
  WARNING: { board: 'warn', icon: 'warning', tone: 'wait' },
  FAILED: { board: 'bad', icon: 'failed', tone: 'stop' },
  ERROR: { board: 'bad', icon: 'error', tone: 'stop' },
  PENDING: { board: 'now', icon: 'pending', tone: 'wait' },
  SKIPPED: { board: 'pass', icon: 'skipped', tone: 'off' },
};

/** The way from source to target: gates from left to right, and water as far as it got. */
export const Flight = ({ promotion }: { readonly promotion: Promotion }) => {
  const gates = [...assessed(promotion), ...approval(promotion), ...window(promotion)];
  const shut = gates.findIndex(({ board }) => board !== 'pass' && board !== 'warn');
  const arrived = promotion.status === 'completed';
  return (
    <div class="flight">
      <ol aria-label="Gates from left to right">
        <li class="src wet">
          <span class="lv">{promotion.type === 'rollback' ? 'earlier' : 'new'}</span>
          <Named>{promotion.sourceEnvironment}</Named>
          <span class="wy">
            asked <Time at={promotion.createdAt} />
          </span>
        </li>
        {gates.map(({ name, board, icon, tone, why }, at) => (
          <li key={name} class={`${board} ${shut < 0 || at < shut ? 'wet' : ''}`}>
            <span class="bd" />
            <Named>
              <Icon name={icon} tone={`s ${tone}`} /> {name}
            </Named>
            <span class="wy">{why}</span>
          </li>
        ))}
        <li class={arrived ? 'pass wet' : 'next dest'}>
          <span class="bd" />
          <span class="lv">{arrived ? 'new' : 'now'}</span>
          <Named>{promotion.targetEnvironment}</Named>
          <span class="wy">
            {promotion.completedAt === null ? 'as it is now' : <Time at={promotion.completedAt} />}
          </span>
        </li>
      </ol>
    </div>
  );
};

const Named = ({ children }: { readonly children: ComponentChildren }) => <span class="nm">{children}</span>;

const assessed = ({ gates }: Promotion): readonly Gate[] =>
  gates.map(({ name, status, reasonCode }) => ({ name, ...LOOK[status], why: plain(reasonCode) }));

function approval({
  requiresApproval,
  requiredApprovers,
  approvals,
  manifestDigest,
  status,
  waitingFor,
}: Promotion): readonly Gate[] {
  if (!requiresApproval) return [];
  const given = approvals.filter((one) => one.manifestDigest === manifestDigest).length;
  const why = `${given} of ${requiredApprovers}`;
  const name = 'approval';
  if (status === 'rejected') return [{ name, board: 'bad', icon: 'rejected', tone: 'stop', why: 'rejected' }];
  if (waitingFor === 'changes')
    return [{ name, board: 'bad', icon: 'comment', tone: 'stop', why: 'changes requested' }];
  const open = status !== 'pending' && status !== 'blocked' && status !== 'cancelled';
  return open
    ? [{ name, board: 'pass', icon: 'approved', tone: 'ok', why }]
    : [{ name, board: status === 'pending' ? 'now' : 'next', icon: 'pending', tone: 'wait', why }];
}

function window({ status, scheduledAt, execution }: Promotion): readonly Gate[] {
  if (status === 'scheduled' && scheduledAt !== null)
    return [
      { name: 'schedule', board: 'held', icon: 'scheduled', tone: 'hold', why: spokenInstant(scheduledAt) },
    ];
  if (status === 'approved' && execution === 'manual')
    return [{ name: 'execution', board: 'now', icon: 'pending', tone: 'wait', why: 'waits for a person' }];
  if (status === 'executing')
    return [{ name: 'execution', board: 'pass', icon: 'executing', tone: 'move', why: 'under way' }];
  if (status === 'failed')
    return [{ name: 'execution', board: 'bad', icon: 'failed', tone: 'stop', why: 'failed' }];
  return [];
}
