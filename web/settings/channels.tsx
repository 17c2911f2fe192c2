import { useSignal } from '@preact/signals';
import {
  ChannelView,
  channels,
  listDeliveries,
  testChannel,
} from '../../functions/contract/notification-channels.ts';
import { ask } from '../api/client.ts';
import { useData } from '../api/data.ts';
import { useList } from '../api/list.ts';
import { iMay } from '../me.ts';
import { Loading, ProblemNote, sentence } from '../parts/notes.tsx';
import { Moment, Time } from '../parts/time.tsx';
import { pathTo } from '../router.ts';
import { plain } from '../words/status.ts';
import { ItemRow, Listing } from './listing.tsx';

/** Where people and tools are told, and how that went. */
export const Channels = () => (
  <Listing
    title="Notification channels"
    says="Who is told of what, by mail, webhook or Slack"
    data={useList(ChannelView, channels.path)}
    row={(channel) => <Channel key={channel.id} channel={channel} />}
    empty={{
      title: 'Nobody is told yet',
      says: 'Approvers find what waits for them on the first page. A channel tells them when it begins to wait:',
      command:
        'POST /api/v1/notification-channels {"name": "approvers", "type": "email", "recipients": "approvers"}',
    }}
  />
);

const Channel = ({ channel }: { readonly channel: ChannelView }) => {
  const shown = useSignal(false);
  const tried = useSignal<string | undefined>(undefined);
  const { id, name, type, status, disabled_reason, muted_until } = channel;
  const test = async () => {
    const answer = await ask(testChannel, { at: { id } });
    tried.value = answer.ok
      ? `The sample was ${answer.value.outcome === 'delivered' ? 'delivered' : `not delivered: ${answer.value.reason ?? plain(answer.value.outcome)}`}.`
      : sentence(answer.problem.detail);
  };
  return (
    <>
      <ItemRow
        name={name}
        says={
          <>
            {toldWhat(channel)}
            {status === 'active' ? '' : ` It is disabled: ${disabled_reason ?? 'by an administrator'}.`}
            {muted_until === null ? undefined : (
              <>
                {' '}
                Muted until <Moment at={muted_until} />.
              </>
            )}
            {tried.value === undefined ? undefined : (
              <span role="status">
                <br />
                {tried.value}
              </span>
            )}
          </>
        }
      >
        {iMay('manage_catalog') ? (
          <button type="button" class="btn" onClick={test}>
            Send a sample<span class="sr"> to {name}</span>
          </button>
        ) : undefined}
        <button
          type="button"
          class="btn"
          aria-expanded={shown.value}
          onClick={() => {
            shown.value = !shown.value;
          }}
        >
          History
          <span class="sr">
            {' '}
            of {name}, by {type}
          </span>
        </button>
      </ItemRow>
      {shown.value ? <Deliveries id={id} /> : undefined}
    </>
  );
};

/** A channel as a sentence. */
function toldWhat({ filter, ...channel }: ChannelView): string {
  const events = filter.events === 'all' ? 'everything' : filter.events.map(plain).join(', ');
  const where =
    filter.environments === 'all' ? 'in all environments' : `in ${filter.environments.join(', ')}`;
  switch (channel.type) {
    case 'email':
      return `Mails ${channel.recipients === 'approvers' ? 'whoever may approve' : channel.recipients.join(', ')} of ${events} ${where}.`;
    case 'webhook':
      return `Calls ${channel.url} for ${events} ${where}, signed.`;
    case 'slack':
      return `Posts ${events} ${where} to Slack${channel.mode === 'app' ? `, channel ${channel.channel_id}` : ''}.`;
    default:
      return channel satisfies never;
  }
}

const Deliveries = ({ id }: { readonly id: string }) => {
  const { value, problem, reload } = useData(`deliveries ${id}`, (signal) =>
    ask(listDeliveries, { at: { id }, query: { limit: 20 }, signal }),
  );
  if (problem !== undefined) return <ProblemNote problem={problem} retry={reload} />;
  if (value === undefined) return <Loading rows={2} />;
  if (value.items.length === 0) return <li class="row sec">Nothing was sent in the last 30 days.</li>;
  return (
    <li>
      <ul class="rows sunk">
        {value.items.map(({ notice_id, event, promotion_id, outcome, reason, attempts, at }) => (
          <li key={notice_id} class="row">
            <span class="grow">
              <a href={pathTo('promotions', promotion_id)}>{plain(event)}</a>
              <span class={outcome === 'delivered' ? 'sec' : 't-stop'}>
                {' '}
                {plain(outcome)}
                {reason === null ? '' : `: ${reason}`}
                {attempts > 1 ? `, after ${attempts} attempts` : ''}
              </span>
            </span>
            <Time at={at} />
          </li>
        ))}
      </ul>
    </li>
  );
};
