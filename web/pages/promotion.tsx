import { useEffect } from 'preact/hooks';
import { Logged } from '../audit/logged.tsx';
import { iMay } from '../me.ts';
import { Icon } from '../parts/icon.tsx';
import { Loading, ProblemNote } from '../parts/notes.tsx';
import { verb } from '../promotion/actions.ts';
import { Changes } from '../promotion/changes.tsx';
import { Decision } from '../promotion/decision.tsx';
import { Flight } from '../promotion/flight.tsx';
import { Gates } from '../promotion/gates.tsx';
import { type Promotion as It, useLive } from '../promotion/live.ts';
import { Proof } from '../promotion/proof.tsx';
import { Timeline } from '../promotion/timeline.tsx';
import { Verification } from '../promotion/verification.tsx';
import { toldOf, whatMoves } from '../promotion/words.ts';
import { nextStep, titleOf } from '../words/promotion.ts';
import { plain, statusLook } from '../words/status.ts';

/** One promotion: what will happen, what it waits for, and everything that proves it; live. */
export const Promotion = ({ id }: { readonly id: string }) => {
  const { promotion, problem, take } = useLive(id);
  useEffect(() => {
    document.title =
      promotion === undefined ? 'Promotion · Sluice' : `${titleOf(toldOf(promotion))} · Sluice`;
  }, [promotion]);
  if (promotion === undefined) {
    return (
      <>
        <h1>Promotion</h1>
        {problem === undefined ? <Loading rows={8} /> : <ProblemNote problem={problem} />}
      </>
    );
  }
  const may = iMay('validate', promotion.targetEnvironment);
  const open = ['pending', 'blocked', 'approved', 'scheduled'].includes(promotion.status);
  const assess = async () => {
    const outcome = await verb(id, 'validate');
    if (outcome.ok) take(outcome.value);
  };
  return (
    <>
      <nav class="crumb" aria-label="Path">
        <a href="/">Flow</a>
        <span>/</span>
        <a href="/web/promotions">Promotions</a>
        <span>/</span>
        <span>{id}</span>
      </nav>
      {problem === undefined ? undefined : <ProblemNote problem={problem} />}
      <Head promotion={promotion} />
      <Flight promotion={promotion} />
      <div class="two">
        <div>
          <Verification promotion={promotion} />
          <Changes promotion={promotion} />
          <Gates promotion={promotion} assess={may && open ? assess : undefined} />
          <Timeline promotion={promotion} />
        </div>
        <div class="side">
          <Decision promotion={promotion} take={take} />
          <Proof promotion={promotion} />
          <Logged promotion={id} />
        </div>
      </div>
      {promotion.status === 'pending' && promotion.waitingFor === 'approval' ? (
        <div class="bar">
          <p>
            <b>It waits for approval</b>
          </p>
          <a class="btn go" href="#decision">
            Decide
          </a>
        </div>
      ) : undefined}
    </>
  );
};

const Head = ({ promotion }: { readonly promotion: It }) => {
  const { type, sourceEnvironment, targetEnvironment, notes, reasonCode, status } = promotion;
  const { icon, word, tone } = statusLook(status);
  return (
    <div class="head">
      <div>
        <h1 class="sent">
          {type === 'rollback' ? (
            <>
              Roll back <b>{whatMoves(promotion)}</b> in {targetEnvironment}
            </>
          ) : (
            <>
              Move <b>{whatMoves(promotion)}</b> from {sourceEnvironment} to {targetEnvironment}
            </>
          )}
        </h1>
        <p class="lead" role="status">
          <Icon name={icon} tone={tone} /> <b>{word}.</b> {nextStep(toldOf(promotion))}
          {reasonCode === null || status === 'completed' ? '' : ` (${plain(reasonCode)})`}
        </p>
        {notes === null ? undefined : <p class="sec">“{notes}”</p>}
      </div>
    </div>
  );
};
