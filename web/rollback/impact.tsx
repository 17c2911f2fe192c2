import type { ComponentChildren } from 'preact';
import { Icon } from '../parts/icon.tsx';
import type { IconName } from '../parts/icon-name.ts';
import { pathTo } from '../router.ts';
import { gateReason } from '../words/gate.ts';
import { count, plain, type Tone } from '../words/status.ts';
import { lasting } from '../words/time.ts';
import { breakingWords, consumerWords, type Impact, isFailing, isUnsatisfied, reason } from './words.ts';

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

/** What a rollback of any kind would do: the verdict first, then numbers and reasons. */
export const ImpactShown = ({ impact }: { readonly impact: Impact }) => {
  const { icon, tone, says } = VERDICT[impact.recommendation];
  return (
    <>
      <div class={`verd ${tone}`}>
        <Icon name={icon} tone={tone} />
        <div>
          <p class="big">{says}</p>
        </div>
      </div>
      {impact.recommendation === 'BLOCKED' ? undefined : <Facts impact={impact} />}
      <ul class="list">
        {impact.reasonCodes.map((code) => (
          <Row key={code} icon={icon} tone={tone} name={code}>
            {reason(code)}
          </Row>
        ))}
        <Gates impact={impact} />
        {impact.breakingChanges?.map((one) => {
          const { name, says } = breakingWords(one);
          return (
            <Row key={`breaking ${name}`} icon="warning" tone="wait" name={name}>
              {says}
            </Row>
          );
        })}
        {impact.affectedConsumers?.map((one) => (
          <Row
            key={`consumer ${one.name}`}
            {...(isUnsatisfied(one) ? { icon: 'warning', tone: 'wait' } : { icon: 'user' })}
            name={one.name}
          >
            {consumerWords(one)}
          </Row>
        ))}
        {impact.laterPromotionsUndone.map((later) => (
          <Row key={later} icon="rolled_back" name={<a href={pathTo('promotions', later)}>{later}</a>}>
            is taken back too
          </Row>
        ))}
      </ul>
    </>
  );
};

const Row = ({
  icon,
  tone,
  name,
  children,
}: {
  readonly icon: IconName;
  readonly tone?: Tone;
  readonly name: ComponentChildren;
  readonly children: ComponentChildren;
}) => (
  <li>
    <Icon name={icon} {...(tone === undefined ? {} : { tone })} />
    <span>
      <b>{name}</b>
    </span>
    <span>{children}</span>
  </li>
);

/** Whether the content would pass today: each gate that would stop it, else one line. */
const Gates = ({ impact: { policyCompatibility: gates } }: { readonly impact: Impact }) => {
  const failing = gates.filter(isFailing);
  if (gates.length > 0 && failing.length === 0) {
    return (
      <Row icon="passed" tone="ok" name="policy">
        It would pass {gates.length === 1 ? 'the gate' : `all ${gates.length} gates`} of today.
      </Row>
    );
  }
  return (
    <>
      {failing.map(({ name, status, reasonCode }) => (
        <Row key={`gate ${name}`} icon="failed" tone="stop" name={name}>
          {plain(status.toLowerCase())} today: {gateReason(name, reasonCode)}
        </Row>
      ))}
    </>
  );
};

const Facts = ({ impact }: { readonly impact: Impact }) => {
  const { affectedConsumers: consumers, estimatedDowntimeSeconds: downtime, keys } = impact;
  const broken = consumers?.filter(isUnsatisfied).length ?? 0;
  return (
    <dl class="facts">
      <Fact name="Estimated downtime" beside={downtime && `nine of ten within ${lasting(downtime.p90)}`}>
        {downtime === null ? 'unknown' : lasting(downtime.median)}
      </Fact>
      <Fact name="Affected consumers" beside={broken > 0 && `${broken} not satisfied`}>
        {consumers === null ? 'unknown' : consumers.length}
      </Fact>
      {keys === null ? (
        <Fact name="Breaking changes">
          {impact.breakingChanges === null ? 'unknown' : impact.breakingChanges.length}
        </Fact>
      ) : (
        <Fact name="Keys that change">{keys.toLocaleString('en')}</Fact>
      )}
      <Fact name="Undone as well" beside={count(impact.laterEditsUndone, 'edit')}>
        {count(impact.laterPromotionsUndone.length, 'promotion')}
      </Fact>
    </dl>
  );
};

const Fact = ({
  name,
  beside,
  children,
}: {
  readonly name: string;
  readonly beside?: string | false | null;
  readonly children: ComponentChildren;
}) => (
  <div>
    <dt>{name}</dt>
    <dd>
      {children}
      {beside ? <small>{beside}</small> : undefined}
    </dd>
  </div>
);
