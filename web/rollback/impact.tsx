import type * as z from 'zod/mini';
import type { RollbackImpactView } from '../../functions/contract/config-promotion-view.ts';
import { Icon } from '../parts/icon.tsx';
import type { IconName } from '../parts/icon-name.ts';
import { pathTo } from '../router.ts';
import { count, plain } from '../words/status.ts';
import { lasting } from '../words/time.ts';

export type Impact = z.infer<typeof RollbackImpactView>;

/** How each recommendation looks and what it says. */
export const VERDICT: {
  readonly [V in Impact['recommendation']]: {
    readonly icon: IconName;
    readonly tone: 'ok' | 'wait' | 'stop';
    readonly says: string;
  };
} = {
  SAFE: { icon: 'passed', tone: 'ok', says: 'SAFE: nothing is known that speaks against it' },
  RISKY: { icon: 'warning', tone: 'wait', says: 'RISKY: look at the reasons first' },
  BLOCKED: { icon: 'blocked', tone: 'stop', says: 'BLOCKED: this cannot be taken back' },
};

/** What a rollback would do: the verdict first, then numbers and reasons. */
export const ImpactShown = ({ impact }: { readonly impact: Impact }) => {
  const { icon, tone, says } = VERDICT[impact.recommendation];
  const unknown = 'not known';
  return (
    <>
      <div class={`verd ${tone}`}>
        <Icon name={icon} tone={tone} />
        <div>
          <p class="big">{says}</p>
        </div>
      </div>
      <dl class="facts">
        <div>
          <dt>Keys that change</dt>
          <dd>{impact.keys.toLocaleString('en')}</dd>
        </div>
        <div>
          <dt>Estimated downtime</dt>
          <dd>
            {impact.estimatedDowntimeSeconds === null ? unknown : lasting(impact.estimatedDowntimeSeconds)}
          </dd>
        </div>
        <div>
          <dt>Affected consumers</dt>
          <dd>{impact.affectedConsumers === null ? unknown : impact.affectedConsumers.length}</dd>
        </div>
        <div>
          <dt>Undone as well</dt>
          <dd>
            {count(impact.laterPromotionsUndone.length, 'promotion')}
            <small>{count(impact.laterEditsUndone, 'edit')}</small>
          </dd>
        </div>
      </dl>
      <ul class="list">
        {impact.reasonCodes.map((code) => (
          <li key={code}>
            <Icon name={icon} tone={tone} />
            <span>
              <b>{code}</b>
            </span>
            <span>{plain(code)}</span>
          </li>
        ))}
        {impact.breakingChanges?.map(({ key, change }) => (
          <li key={key}>
            <Icon name="warning" tone="wait" />
            <span>
              <b>{key}</b>
            </span>
            <span>{plain(change)}: what reads it may break</span>
          </li>
        ))}
        {impact.affectedConsumers?.map(({ kind, name }) => (
          <li key={`${kind} ${name}`}>
            <Icon name="user" />
            <span>
              <b>{name}</b>
            </span>
            <span>{kind} that reads this environment</span>
          </li>
        ))}
        {impact.laterPromotionsUndone.map((later) => (
          <li key={later}>
            <Icon name="rolled_back" />
            <span>
              <a href={pathTo('promotions', later)}>{later}</a>
            </span>
            <span>is taken back too</span>
          </li>
        ))}
      </ul>
    </>
  );
};
