import { useSignal } from '@preact/signals';
import { replayDecision } from '../../functions/contract/promotion-reads.ts';
import { ask } from '../api/client.ts';
import { Digest } from '../parts/digest.tsx';
import { Icon } from '../parts/icon.tsx';
import type { Promotion } from './live.ts';

/** The digests that stand for what was approved and decided, and the way to check them. */
export const Proof = ({ promotion }: { readonly promotion: Promotion }) => {
  const replayed = useSignal<string | undefined>(undefined);
  const copied = useSignal(false);
  const { id, manifestDigest, decisionDigest } = promotion;
  const replay = async () => {
    const answer = await ask(replayDecision, { at: { id }, body: {} });
    replayed.value = !answer.ok
      ? answer.problem.detail
      : answer.value.same
        ? 'the recorded inputs give the same decision'
        : `the recorded inputs give another decision: ${answer.value.replayed}`;
  };
  return (
    <section class="sect" aria-labelledby="proof">
      <header>
        <h2 id="proof">Proof</h2>
      </header>
      <div class="pad">
        <dl class="kv">
          <dt>Manifest</dt>
          <dd>
            <Digest of={manifestDigest} long />{' '}
            <button
              type="button"
              class="btn bare"
              onClick={async () => {
                await navigator.clipboard.writeText(manifestDigest);
                copied.value = true;
              }}
            >
              {copied.value ? 'Copied' : 'Copy'}
              <span class="sr"> the digest of the manifest</span>
            </button>
          </dd>
          <dt>Decision</dt>
          <dd>
            <Digest of={decisionDigest} long />{' '}
            <button type="button" class="btn bare" onClick={replay}>
              Replay
            </button>
          </dd>
          {replayed.value === undefined ? undefined : (
            <>
              <dt>Replayed</dt>
              <dd>
                <span role="status">
                  <Icon name="proof" tone="s" /> {replayed.value}
                </span>
              </dd>
            </>
          )}
          <dt>Record</dt>
          <dd>
            <a href="/web/audit">in the audit</a>
          </dd>
        </dl>
      </div>
    </section>
  );
};
