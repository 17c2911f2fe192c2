import { Digest } from '../parts/digest.tsx';
import { Icon } from '../parts/icon.tsx';
import type { IconName } from '../parts/icon-name.ts';
import { gateReason } from '../words/gate.ts';
import { count, type Tone } from '../words/status.ts';
import type { Promotion } from './live.ts';

type Gate = Promotion['gates'][number];

const LOOK: {
  readonly [status in Gate['status']]: {
    readonly icon: IconName;
    readonly word: string;
    readonly tone: Tone;
  };
} = {
  FAILED: { icon: 'failed', word: 'Failed', tone: 'stop' },
  ERROR: { icon: 'error', word: 'Error', tone: 'stop' },
  PENDING: { icon: 'pending', word: 'Pending', tone: 'wait' },
  WARNING: { icon: 'warning', word: 'Warning', tone: 'wait' },
  PASSED: { icon: 'passed', word: 'Passed', tone: 'ok' },
  SKIPPED: { icon: 'skipped', word: 'Skipped', tone: 'off' },
};
/** What is wrong comes first. */
const ORDER: readonly Gate['status'][] = ['FAILED', 'ERROR', 'PENDING', 'WARNING', 'PASSED', 'SKIPPED'];

/** Each gate with what it says, and on which evidence. */
export const Gates = ({
  promotion,
  assess,
}: {
  readonly promotion: Promotion;
  /** Assesses again; absent where the person may not. */
  readonly assess?: (() => void) | undefined;
}) => {
  const { gates, blockedBy } = promotion;
  const sorted = gates.toSorted((a, b) => ORDER.indexOf(a.status) - ORDER.indexOf(b.status));
  const passed = gates.filter(({ status }) => status === 'PASSED').length;
  return (
    <section class="sect" aria-labelledby="gates">
      <header>
        <h2 id="gates">Gates</h2>
        <p>
          {passed} of {count(gates.length, 'gate')} passed.{' '}
          {blockedBy.length === 0
            ? 'None blocks.'
            : `${blockedBy.join(', ')} ${blockedBy.length === 1 ? 'blocks' : 'block'}.`}
        </p>
        {assess === undefined ? undefined : (
          <div class="end">
            <button type="button" class="btn" onClick={assess}>
              Assess again
            </button>
          </div>
        )}
      </header>
      {gates.length === 0 ? <p class="pad sec">No gate stands on this way.</p> : undefined}
      <ul>
        {sorted.map(({ name, mode, status, reasonCode, evidence }) => {
          const { icon, word, tone } = LOOK[status];
          const blocks = blockedBy.includes(name);
          return (
            <li key={name} class={`gate ${blocks ? (status === 'PENDING' ? 'pend' : 'bad') : ''}`}>
              <span class={`st ${tone}`}>
                <Icon name={icon} />
                {word}
              </span>
              <span class="nm">
                {name}
                <span class="tag">{mode}</span>
              </span>
              <span class="why">
                {gateReason(name, reasonCode)}.{mode === 'warn' ? ' It only warns.' : ''}
              </span>
              <span class="ev">
                {evidence.length === 0
                  ? 'no evidence'
                  : evidence.map((digest) => <Digest key={digest} of={digest} />)}
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
};
