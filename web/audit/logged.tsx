import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { session } from '../api/client.ts';
import type { Problem } from '../api/problem.ts';
import { Icon } from '../parts/icon.tsx';
import { ProblemNote } from '../parts/notes.tsx';
import { Moment } from '../parts/time.tsx';
import { count } from '../words/status.ts';
import { type Verdict, verifyLogged } from './log-proof.ts';
import { Download, Step } from './steps.tsx';
import { knownKey } from './verify.ts';

type Done = { readonly verdict: Verdict; readonly key: ReturnType<typeof knownKey> };

/** The proof of one promotion by the transparency log, verified in this browser. */
export const Logged = ({ promotion }: { readonly promotion: string }) => {
  const busy = useSignal(false);
  const problem = useSignal<Problem | undefined>(undefined);
  const done = useSignal<Done | undefined>(undefined);
  useEffect(() => {
    problem.value = undefined;
    done.value = undefined;
  }, [promotion]);
  const verify = async () => {
    if (busy.value) return;
    busy.value = true;
    problem.value = undefined;
    done.value = undefined;
    const tenant = session.value?.tenant ?? '';
    const read = await verifyLogged(promotion, tenant, new Date().toISOString());
    if (read.ok) {
      const { value: verdict } = read;
      // A key whose signature does not hold is not remembered.
      const key = 'problem' in verdict.proof ? 'first' : knownKey(`log ${tenant}`, verdict.publicKey);
      done.value = { verdict, key };
    } else problem.value = read.problem;
    busy.value = false;
  };
  const { value } = done;
  const fits = value !== undefined && isFit(value);
  return (
    <section class="sect" aria-labelledby="logged">
      <header>
        <h2 id="logged">
          <Icon name="proof" tone={value === undefined ? '' : fits ? 'ok' : 'stop'} />{' '}
          {value === undefined
            ? 'In the transparency log'
            : fits
              ? 'The log proves it'
              : 'The proof does not fit'}
        </h2>
        <div class="end btns">
          <button type="button" class="btn" aria-disabled={busy.value ? 'true' : undefined} onClick={verify}>
            {value === undefined ? 'Verify the proof' : 'Verify the proof again'}
          </button>
          {value === undefined ? undefined : (
            <Download
              parts={[value.verdict.text]}
              type="application/json"
              name={`${promotion}.proof.json`}
              label="Download the proof"
            />
          )}
        </div>
      </header>
      <p class="pad sm sec" role="status">
        {busy.value
          ? 'Verifying the proof…'
          : value === undefined
            ? 'The events of this promotion are in a log that only grows. The browser recomputes their digests and the way to a checkpoint that the server signed.'
            : fits
              ? 'Nothing about this promotion was changed since the checkpoint was signed.'
              : 'Keep this page and tell those who are responsible for security.'}
      </p>
      {problem.value === undefined ? undefined : <ProblemNote problem={problem.value} retry={verify} />}
      {value === undefined ? undefined : <Steps done={value} />}
    </section>
  );
};

const isFit = ({ verdict: { proof, before }, key }: Done): boolean =>
  !('problem' in proof) && before.is !== 'broken' && key !== 'another';

const Steps = ({ done: { verdict, key } }: { readonly done: Done }) => {
  const { proof, before } = verdict;
  if ('problem' in proof) {
    return (
      <ol class="steps">
        <Step good={false}>The proof {proof.problem}</Step>
      </ol>
    );
  }
  return (
    <ol class="steps">
      <Step good>
        {count(proof.events, 'event')} follow one another, and their decisions come out the same
      </Step>
      <Step good>
        Entry {proof.index.toLocaleString('en')} is in the log of{' '}
        {count(proof.size, 'entry').replace('entrys', 'entries')}
      </Step>
      <Step good={key !== 'another'}>
        {key === 'another'
          ? 'Another key signed the checkpoint than this browser saw before'
          : key === 'same'
            ? 'The checkpoint is signed by the key that this browser saw before'
            : 'The checkpoint is signed; this browser sees the key for the first time and remembers it'}
      </Step>
      {before.is === 'continued' ? (
        <Step good>
          The log continues the checkpoint of {before.size.toLocaleString('en')} entries that this browser saw{' '}
          <Moment at={before.at} />
        </Step>
      ) : before.is === 'broken' ? (
        <Step good={false}>
          This browser saw another log <Moment at={before.at} />: {before.problem}
        </Step>
      ) : undefined}
    </ol>
  );
};
