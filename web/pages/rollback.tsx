import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { ConfigPromotionView } from '../../functions/contract/config-promotion-view.ts';
import { rollBackConfigPromotion } from '../../functions/contract/config-promotions.ts';
import { ask, askFor } from '../api/client.ts';
import { useData } from '../api/data.ts';
import type { Problem } from '../api/problem.ts';
import { Icon } from '../parts/icon.tsx';
import { Loading, ProblemNote } from '../parts/notes.tsx';
import { promotionPath } from '../promotion/live.ts';
import { whatMoves } from '../promotion/words.ts';
import { type Impact, ImpactShown, VERDICT } from '../rollback/impact.tsx';
import { go, pathTo } from '../router.ts';
import { count } from '../words/status.ts';

type Mode = 'restore' | 'revert';

/** Takes a completed promotion back: the impact first, then the button. */
export const Rollback = ({ id }: { readonly id: string }) => {
  const mode = useSignal<Mode>('restore');
  const of = useData(`promotion ${id}`, (signal) =>
    askFor(ConfigPromotionView, 'GET', promotionPath(id), { signal }),
  );
  const dry = useData(`impact ${id} ${mode.value}`, async () => {
    const found = await ask(rollBackConfigPromotion, {
      at: { id },
      query: { dry_run: true },
      body: { mode: mode.value, acknowledgeRisk: true },
    });
    return found.ok ? { ok: true, value: found.value.impact } : found;
  });
  useEffect(() => {
    document.title = 'Roll back · Sluice';
  }, []);
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
  const impact = dry.value;
  const verdict = impact === undefined ? undefined : VERDICT[impact.recommendation];
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
            Take <b>{whatMoves(promotion)}</b> back in {target}
          </h1>
          {verdict === undefined || impact === undefined ? undefined : (
            <p class="lead" role="status">
              <Icon name={verdict.icon} tone={verdict.tone} /> <b>{impact.recommendation}.</b>{' '}
              {count(impact.keys, 'key')} change in {target}.
            </p>
          )}
        </div>
      </div>
      <div class="rb">
        <section class="sect">
          <header>
            <h2>1. Choose what goes back</h2>
          </header>
          <fieldset class="staff">
            <legend class="sr">What goes back</legend>
            <Way mode={mode.value} way="restore" choose={(way) => (mode.value = way)}>
              <b>Restore</b>
              <span class="sm">All that {target} held before it; later changes go as well.</span>
            </Way>
            <Way mode={mode.value} way="revert" choose={(way) => (mode.value = way)}>
              <b>Revert</b>
              <span class="sm">Its own keys alone; later changes stay.</span>
            </Way>
          </fieldset>
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
            <Doing key={mode.value} id={id} target={target} mode={mode.value} impact={impact} />
          )}
        </div>
      </div>
    </>
  );
};

const Way = ({
  mode,
  way,
  choose,
  children,
}: {
  readonly mode: Mode;
  readonly way: Mode;
  readonly choose: (way: Mode) => void;
  readonly children: ComponentChildren;
}) => (
  <label class={mode === way ? 'pk' : 'cut'}>
    <span />
    <input type="radio" name="mode" checked={mode === way} onChange={() => choose(way)} />
    <span>{children}</span>
  </label>
);

const Doing = ({
  id,
  target,
  mode,
  impact,
}: {
  readonly id: string;
  readonly target: string;
  readonly mode: Mode;
  readonly impact: Impact;
}) => {
  const reason = useSignal('');
  const known = useSignal(false);
  const busy = useSignal(false);
  const wrong = useSignal<Problem | undefined>(undefined);
  const risky = impact.recommendation === 'RISKY';
  const off = busy.value || reason.value.trim() === '' || (risky && !known.value);
  const doIt = async () => {
    if (off) return;
    busy.value = true;
    const made = await ask(rollBackConfigPromotion, {
      at: { id },
      body: {
        mode,
        reason: reason.value.trim(),
        execution: 'automatic',
        ...(risky ? { acknowledgeRisk: true } : {}),
      },
      once: crypto.randomUUID(),
    });
    busy.value = false;
    if (!made.ok) wrong.value = made.problem;
    else if ('id' in made.value) go(pathTo('promotions', made.value.id));
  };
  return (
    <section class="sect" aria-labelledby="doit">
      <header>
        <h2 id="doit">3. Roll back</h2>
      </header>
      <form
        class="pad"
        onSubmit={(event) => {
          event.preventDefault();
          void doIt();
        }}
      >
        {risky ? (
          <p>
            <label>
              <input
                type="checkbox"
                checked={known.value}
                onChange={({ currentTarget }) => {
                  known.value = currentTarget.checked;
                }}
              />{' '}
              I have looked at the reasons above and take the risk.
            </label>
          </p>
        ) : undefined}
        <p>
          <label class="f" for="reason">
            Reason, goes into the record
          </label>
          <textarea
            class="in"
            id="reason"
            required
            maxLength={4000}
            value={reason.value}
            onInput={({ currentTarget }) => {
              reason.value = currentTarget.value;
            }}
          />
        </p>
        <p class="conseq">
          <b>It executes as soon as nothing is missing.</b>
          Where {target} asks for an approval, another person gives it first. Freezes do not stop a rollback,
          locks do.
        </p>
        {wrong.value === undefined ? undefined : <ProblemNote problem={wrong.value} />}
        <div class="btns">
          <button type="submit" class="btn go big" aria-disabled={off ? 'true' : undefined}>
            Roll back {count(impact.keys, 'key')}
          </button>
          <a class="btn bare big" href={pathTo('promotions', id)}>
            Leave it
          </a>
        </div>
        {off && !busy.value ? (
          <p class="sm sec">Say the reason{risky ? ' and take the risk' : ''} to continue.</p>
        ) : undefined}
      </form>
    </section>
  );
};
