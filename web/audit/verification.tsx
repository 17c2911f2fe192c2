import { useSignal } from '@preact/signals';
import type { Verification as Result } from '../../functions/domain/audit/verify.ts';
import { session } from '../api/client.ts';
import type { Problem } from '../api/problem.ts';
import { Icon } from '../parts/icon.tsx';
import { ProblemNote } from '../parts/notes.tsx';
import { Moment } from '../parts/time.tsx';
import { count } from '../words/status.ts';
import { Download, Step } from './steps.tsx';
import { type Exported, knownKey, readExport, verifyHere } from './verify.ts';

type Done = {
  readonly result: Result;
  readonly exported: Exported;
  readonly key: ReturnType<typeof knownKey>;
};

/** Problems named one by one; a forged record can have as many as it has entries. */
const NAMED = 20;

/** "Verify in this browser": everything that was recorded is recomputed here, and held against the signed heads. */
export const Verification = () => {
  const state = useSignal<'idle' | 'reading' | 'verifying'>('idle');
  const items = useSignal(0);
  const problem = useSignal<Problem | undefined>(undefined);
  const done = useSignal<Done | undefined>(undefined);
  const verify = async () => {
    if (state.value !== 'idle') return;
    state.value = 'reading';
    problem.value = undefined;
    done.value = undefined;
    const read = await readExport((number) => {
      items.value = number;
    });
    if (read.ok) {
      state.value = 'verifying';
      const result = await verifyHere(read.value);
      const key = knownKey(session.value?.tenant ?? '', read.value.publicKey);
      done.value = { result, exported: read.value, key };
    } else problem.value = read.problem;
    state.value = 'idle';
  };
  const { value } = done;
  const fits = value !== undefined && value.result.problems.length === 0 && value.key !== 'another';
  return (
    <section class="sect" aria-labelledby="verification">
      <header>
        <h2 id="verification">
          <Icon name="proof" tone={value === undefined ? '' : fits ? 'ok' : 'stop'} />{' '}
          {value === undefined
            ? 'Verify in this browser'
            : fits
              ? 'Verified in this browser'
              : 'The record does not fit'}
        </h2>
        <div class="end btns">
          <button
            type="button"
            class="btn"
            aria-disabled={state.value === 'idle' ? undefined : 'true'}
            onClick={verify}
          >
            {value === undefined ? 'Verify' : 'Verify again'}
          </button>
          {value === undefined ? undefined : (
            <Download
              parts={[value.exported.lines.join('\n'), '\n']}
              type="application/jsonl"
              name="sluice-audit.jsonl"
              label="Download the record"
            />
          )}
        </div>
      </header>
      <p class="pad sm sec" role="status">
        {state.value === 'reading'
          ? `Reading the record: ${count(items.value, 'item')}…`
          : state.value === 'verifying'
            ? `Recomputing ${count(items.value, 'item')}…`
            : value === undefined
              ? 'Every event, revision, decision and signature of this tenant is read and recomputed here. The chains are held against heads that the server signs.'
              : fits
                ? 'Nothing was changed, left out or put in between since the heads were signed.'
                : 'Keep this page and tell those who are responsible for security.'}
      </p>
      {problem.value === undefined ? undefined : <ProblemNote problem={problem.value} retry={verify} />}
      {value === undefined ? undefined : <Steps done={value} />}
    </section>
  );
};

const Steps = ({ done: { result, exported, key } }: { readonly done: Done }) => {
  const { problems, chains, entries, decisions, evidence, beyond } = result;
  const unsigned = problems.some(({ item }) => item.startsWith('checkpoint'));
  return (
    <ol class="steps">
      <Step good={!unsigned}>
        The heads are {unsigned ? 'not ' : ''}signed by the key of this installation,{' '}
        <Moment at={exported.signedAt} />
      </Step>
      <Step good={key !== 'another'}>
        {key === 'first'
          ? 'This browser sees that key for the first time and remembers it'
          : key === 'same'
            ? 'It is the key that this browser saw before'
            : 'It is another key than this browser saw before'}
      </Step>
      <Step good={problems.length === 0}>
        {count(entries, 'entry').replace('entrys', 'entries')} in {count(chains, 'chain')}{' '}
        {problems.length === 0 ? 'lead to the signed heads' : 'do not all lead to the signed heads'}
      </Step>
      <Step good={problems.length === 0}>
        {count(decisions, 'decision')} recomputed from what {decisions === 1 ? 'it was' : 'they were'} decided
        on, with {evidence.toLocaleString('en')} pieces of evidence
      </Step>
      {beyond === 0 ? undefined : (
        <Step good>{count(beyond, 'item')} newer than the heads: checked among themselves</Step>
      )}
      {problems.slice(0, NAMED).map(({ item, problem }) => (
        <Step key={`${item} ${problem}`} good={false}>
          <b>{item}</b> {problem}
        </Step>
      ))}
      {problems.length > NAMED ? <Step good={false}>and {problems.length - NAMED} more</Step> : undefined}
    </ol>
  );
};
