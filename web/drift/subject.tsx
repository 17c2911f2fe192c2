import type { SubjectDriftView } from '../../functions/contract/drift.ts';
import { Digest } from '../parts/digest.tsx';
import { Icon } from '../parts/icon.tsx';
import { Note } from '../parts/notes.tsx';
import { Time } from '../parts/time.tsx';
import { pathTo } from '../router.ts';
import { behindInWords, standingOf } from '../words/drift.ts';
import { subjectName } from '../words/status.ts';

/** One subject: what each environment runs, as recorded and as seen. */
export const SubjectDrift = ({ subject }: { readonly subject: SubjectDriftView }) => {
  const { kind, name, environments, sameVersionOtherDigest } = subject;
  const shown = subjectName(subject);
  return (
    <section class="sect" aria-label={`Drift of ${shown}`} data-row>
      <header>
        <h2>
          <a href={pathTo('subjects', kind, name)}>{shown}</a>
        </h2>
        <p>{kind === 'config' ? 'all keys and flags' : kind}</p>
      </header>
      {sameVersionOtherDigest.map(({ version, digests }) => (
        <Note key={version} icon="conflict" tone="stop">
          <b>{version} does not mean the same everywhere.</b>{' '}
          {digests.map(({ environment, digest }, at) => (
            <span key={environment}>
              {at === 0 ? '' : ', '}
              {environment} runs <Digest of={digest} />
            </span>
          ))}
          . Publish the other content under a version of its own.
        </Note>
      ))}
      <table class="tbl stack">
        <thead>
          <tr>
            <th scope="col">Environment</th>
            <th scope="col">Recorded</th>
            <th scope="col">Beside the environment before</th>
            <th scope="col">As machines see it</th>
          </tr>
        </thead>
        <tbody>
          {environments.map((one) => (
            <Running key={`${one.environment} ${one.gatewayId}`} one={one} />
          ))}
        </tbody>
      </table>
    </section>
  );
};

const Running = ({ one }: { readonly one: SubjectDriftView['environments'][number] }) => {
  const { environment, gatewayId, version, digest, since, behind } = one;
  const { icon, tone, says } = standingOf(one);
  return (
    <tr>
      <td>
        <b>{environment}</b>
        {gatewayId === null ? '' : ` at ${gatewayId}`}
      </td>
      <td>
        {version ?? (digest === null ? 'nothing' : '')} {digest === null ? undefined : <Digest of={digest} />}{' '}
        {since === null ? undefined : (
          <span class="sec">
            <Time at={since} />
          </span>
        )}
      </td>
      <td>
        {behind === null ? (
          <span class="sec">Level</span>
        ) : (
          <span class="st wait">
            <Icon name="behind" />
            {behindInWords(behind)}
          </span>
        )}
      </td>
      <td>
        <span class={`st ${tone}`}>
          <Icon name={icon} />
          {says}
        </span>
      </td>
    </tr>
  );
};
