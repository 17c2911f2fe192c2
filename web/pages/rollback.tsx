import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { ConfigPromotionView } from '../../functions/contract/config-promotion-view.ts';
import { askFor } from '../api/client.ts';
import { useData } from '../api/data.ts';
import { Icon } from '../parts/icon.tsx';
import { Loading, ProblemNote } from '../parts/notes.tsx';
import { promotionPath } from '../promotion/live.ts';
import { whatMoves } from '../promotion/words.ts';
import { askedFor, tryIt } from '../rollback/asked.ts';
import { Doing } from '../rollback/doing.tsx';
import { ImpactShown, VERDICT } from '../rollback/impact.tsx';
import { type Choice, Staff } from '../rollback/staff.tsx';
import { type Impact, reason, sideName } from '../rollback/words.ts';
import { pathTo } from '../router.ts';
import { count } from '../words/status.ts';

/** Takes a completed promotion back: the impact first, then the button. */
export const Rollback = ({ id }: { readonly id: string }) => {
  const choice = useSignal<Choice>('before');
  /** The newest impact that names revisions, and the revision before the promotion: they stay while another choice is looked at. */
  const named = useSignal<Impact | undefined>(undefined);
  const before = useSignal<number | null | undefined>(undefined);
  const of = useData(`promotion ${id}`, (signal) =>
    askFor(ConfigPromotionView, 'GET', promotionPath(id), { signal }),
  );
  const dry = useData(`impact ${id} ${choice.value}`, async () => {
    const found = await tryIt(id, askedFor(choice.value));
    return found.ok ? { ok: true, value: found.value.impact } : found;
  });
  const impact = dry.value;
  useEffect(() => {
    document.title = 'Roll back · Sluice';
  }, []);
  useEffect(() => {
    if (impact === undefined || impact.revisions.length === 0) return;
    named.value = impact;
    if (choice.value === 'before') before.value = impact.toRevision;
  }, [impact]);
  const promotion = of.value;
  if (promotion === undefined) {
    return (
      <>
        <h1>Roll back</h1>
        {of.problem === undefined ? <Loading /> : <ProblemNote problem={of.problem} />}
      </>
    );
  }
  const target = promotion.targetEnvironment;
  const to = impact === undefined ? '' : sideName(impact.toVersion, impact.toRevision);
  return (
    <>
      <nav class="crumb" aria-label="Path">
        <a href="/">Flow</a>
        <span>/</span>
        <a href={pathTo('promotions', id)}>{id}</a>
        <span>/</span>
        <span>Roll back</span>
      </nav>
      <div class="head">
        <div>
          <h1 class="sent">
            Roll <b>{whatMoves(promotion)}</b> back in {target}
          </h1>
          {impact === undefined ? undefined : <Verdict impact={impact} to={to} />}
        </div>
      </div>
      <div class="rb">
        <section class="sect" aria-labelledby="far">
          <header>
            <h2 id="far">1. Choose how far to go back</h2>
          </header>
          <Staff
            impact={named.value}
            before={before.value}
            choice={choice.value}
            choose={(chosen) => (choice.value = chosen)}
            revertable={promotion.kind === 'config'}
          />
        </section>
        <div>
          <section class="sect" aria-labelledby="impact">
            <header>
              <h2 id="impact">2. Look at the impact</h2>
            </header>
            {dry.problem === undefined ? undefined : <ProblemNote problem={dry.problem} retry={dry.reload} />}
            {impact === undefined ? (
              dry.problem === undefined ? (
                <Loading />
              ) : undefined
            ) : (
              <ImpactShown impact={impact} />
            )}
          </section>
          {impact === undefined || impact.recommendation === 'BLOCKED' ? undefined : (
            <Doing
              key={choice.value}
              id={id}
              target={target}
              asked={askedFor(choice.value)}
              impact={impact}
              button={impact.keys === null ? `Roll back to ${to}` : `Roll back ${count(impact.keys, 'key')}`}
            />
          )}
        </div>
      </div>
    </>
  );
};

/** The sentence first: the recommendation, and what it comes to. */
const Verdict = ({ impact, to }: { readonly impact: Impact; readonly to: string }) => {
  const { icon, tone } = VERDICT[impact.recommendation];
  const from = sideName(impact.fromVersion, impact.fromRevision);
  return (
    <p class="lead" role="status">
      <Icon name={icon} tone={tone} /> <b>{impact.recommendation}.</b>{' '}
      {impact.recommendation === 'BLOCKED'
        ? impact.reasonCodes.map(reason).join(' ')
        : `From ${from} to ${to}${impact.keys === null ? '' : `, ${count(impact.keys, 'key')}`}.`}
    </p>
  );
};
