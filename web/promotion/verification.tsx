import { Icon } from '../parts/icon.tsx';
import type { IconName } from '../parts/icon-name.ts';
import { Moment, Time } from '../parts/time.tsx';
import { pathTo } from '../router.ts';
import { plain, type Tone } from '../words/status.ts';
import type { Promotion } from './live.ts';

type Verified = NonNullable<Promotion['verification']>;

const LOOKS: {
  readonly [status in Verified['status']]: {
    readonly icon: IconName;
    readonly tone: Tone;
    readonly says: string;
  };
} = {
  pending: { icon: 'pending', tone: 'wait', says: 'A report is waited for' },
  passed: { icon: 'passed', tone: 'ok', says: 'Passed: what went live holds' },
  failed: { icon: 'failed', tone: 'stop', says: 'Failed: what went live does not hold' },
  unknown: { icon: 'warning', tone: 'hold', says: 'Unknown: no report decided it' },
};

/** Whether what went live holds, where the environment asks for that. */
export const Verification = ({ promotion: { verification } }: { readonly promotion: Promotion }) => {
  if (verification === null) return null;
  const { status, gate, until, reasonCode, decidedAt, rollback, onFailure } = verification;
  const { icon, tone, says } = LOOKS[status];
  return (
    <section class="sect" aria-labelledby="verification">
      <header>
        <h2 id="verification">Verification</h2>
      </header>
      <ul class="list">
        <li>
          <Icon name={icon} tone={tone} />
          <span>
            <b>{says}</b>
          </span>
          <span>
            by the gate {gate}
            {reasonCode === null || reasonCode === 'ok' ? '' : ` (${plain(reasonCode)})`}
          </span>
        </li>
        <li>
          <Icon name="scheduled" />
          <span>{decidedAt === null ? 'Waits until' : 'Decided'}</span>
          <span>{decidedAt === null ? <Moment at={until} /> : <Time at={decidedAt} />}</span>
        </li>
        {status === 'pending' ? (
          <li>
            <Icon name="rolled_back" />
            <span>If it fails</span>
            <span>{onFailure === 'rollback' ? 'Sluice rolls it back' : 'people decide'}</span>
          </li>
        ) : undefined}
        {rollback === null ? undefined : (
          <li>
            <Icon name="rolled_back" tone={rollback.promotionId === null ? 'stop' : 'move'} />
            <span>{rollback.promotionId === null ? 'Not rolled back' : 'Rolled back by'}</span>
            <span>
              {rollback.promotionId === null ? (
                plain(rollback.reasonCode ?? '')
              ) : (
                <a href={pathTo('promotions', rollback.promotionId)}>{rollback.promotionId}</a>
              )}
            </span>
          </li>
        )}
      </ul>
    </section>
  );
};
