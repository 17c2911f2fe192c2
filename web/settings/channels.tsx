import { useSignal } from '@preact/signals';
import {
  ChannelView,
  channels,
  DeliveryView,
  listDeliveries,
  testChannel,
} from '../../functions/contract/notification-channels.ts';
import { ask } from '../api/client.ts';
import { useList } from '../api/list.ts';
import { iMay } from '../me.ts';
import { Loading, ProblemNote, sentence } from '../parts/notes.tsx';
import { Moment, Time } from '../parts/time.tsx';
import { pathTo } from '../router.ts';
import { noticeInWords } from '../words/notices.ts';
import { plain } from '../words/status.ts';
import { ChannelEditor } from './channel-editor.tsx';
import { EditableListing } from './editable.tsx';

/** Where people and tools are told, and how that went. */
export const Channels = () => {
  /** The channel whose history is shown, and what came of samples. */
  const shown = useSignal<string | undefined>(undefined);
  const tried = useSignal<{ readonly [id: string]: string }>({});
  const may = iMay('manage_catalog');
  return (
    <EditableListing
      title="Notification channels"
      says="Who is told of what, by mail, webhook or Slack"
      data={useList(ChannelView, channels.path, { unpaged: channels.unpaged })}
      may={may}
      item={(channel) => ({
        key: channel.id,
        name: channel.name,
        says: <Says channel={channel} tried={tried.value[channel.id]} />,
        buttons: (
          <>
            {may ? (
              <button
                type="button"
                class="btn"
                onClick={async () => {
                  const said = await sample(channel.id);
                  tried.value = { ...tried.value, [channel.id]: said };
                }}
              >
                Send a sample<span class="sr"> to {channel.name}</span>
              </button>
            ) : undefined}
            <button
              type="button"
              class="btn"
              aria-expanded={shown.value === channel.id}
              onClick={() => {
                shown.value = shown.value === channel.id ? undefined : channel.id;
              }}
            >
              History
              <span class="sr">
                {' '}
                of {channel.name}, by {channel.type}
              </span>
            </button>
          </>
        ),
        below: shown.value === channel.id ? <Deliveries id={channel.id} name={channel.name} /> : undefined,
      })}
      editor={(channel, close) => <ChannelEditor channel={channel} close={close} />}
      add={{ label: 'Add a channel', form: (close) => <ChannelEditor close={close} /> }}
      empty={{
        title: 'Nobody is told yet',
        says: 'Approvers find what waits for them on the first page. A channel tells them when it begins to wait:',
        command:
          'POST /api/v1/notification-channels {"name": "approvers", "type": "email", "recipients": "approvers"}',
      }}
    />
  );
};

/** Sends a sample, and says what became of it. */
async function sample(id: string): Promise<string> {
  const answer = await ask(testChannel, { at: { id } });
  return answer.ok
    ? `The sample was ${answer.value.outcome === 'delivered' ? 'delivered' : `not delivered: ${answer.value.reason ?? plain(answer.value.outcome)}`}.`
    : sentence(answer.problem.detail);
}

const Says = ({ channel, tried }: { readonly channel: ChannelView; readonly tried: string | undefined }) => {
  const { status, disabled_reason, muted_until } = channel;
  return (
    <>
      {toldWhat(channel)}
      {status === 'active' ? '' : ` It is disabled: ${disabled_reason ?? 'by an administrator'}.`}
      {muted_until === null ? undefined : (
        <>
          {' '}
          Muted until <Moment at={muted_until} />.
        </>
      )}
      {tried === undefined ? undefined : (
        <span role="status">
          <br />
          {tried}
        </span>
      )}
    </>
  );
};

/** A channel as a sentence. */
function toldWhat({ filter, ...channel }: ChannelView): string {
  const events =
    filter.events === 'all'
      ? 'everything'
      : filter.events.map((name) => `“${noticeInWords(name)}”`).join(', ');
  const severe = filter.severities === 'all' ? '' : `, if ${filter.severities.join(' or ')}`;
  const where =
    filter.environments === 'all'
      ? `in all environments${severe}`
      : `in ${filter.environments.join(', ')}${severe}`;
  switch (channel.type) {
    case 'email':
      return `Mails ${channel.recipients === 'approvers' ? 'whoever may approve' : channel.recipients.join(', ')}, about ${events} ${where}${channel.show_values === true ? '; what asks for approval shows values' : ''}.`;
    case 'webhook':
      return `Calls ${channel.url} for ${events} ${where}, signed.`;
    case 'slack':
      return `Posts ${events} ${where} to Slack${channel.mode === 'app' ? `, channel ${channel.channel_id}` : ''}.`;
    default:
      return channel satisfies never;
  }
}

/** How notices went to a channel, page by page, newest event first. */
const Deliveries = ({ id, name }: { readonly id: string; readonly name: string }) => {
  const { value, problem, reload, more } = useList(
    DeliveryView,
    listDeliveries.path.replace('{id}', encodeURIComponent(id)),
  );
  if (problem !== undefined && value === undefined)
    return (
      <li>
        <ProblemNote problem={problem} retry={reload} />
      </li>
    );
  if (value === undefined)
    return (
      <li>
        <Loading rows={2} />
      </li>
    );
  if (value.length === 0) return <li class="row sec">Nothing was sent in the last 30 days.</li>;
  return (
    <li>
      <ul class="rows sunk" aria-label={`What ${name} was told`}>
        {value.map((one) => (
          <Delivery key={one.notice_id} delivery={one} />
        ))}
      </ul>
      {more === undefined ? undefined : (
        <div class="foot">
          <button type="button" class="btn" onClick={more}>
            Show more of its history
          </button>
        </div>
      )}
    </li>
  );
};

const OUTCOMES = {
  delivered: 'delivered',
  retry: 'not delivered, tried again',
  given_up: 'given up',
  refused: 'refused by the receiver',
  gone: 'not delivered: the receiver is gone',
} as const;

const Delivery = ({ delivery }: { readonly delivery: DeliveryView }) => {
  const { promotion_id, event, event_at, environment, severity, outcome, reason, reference, attempts, at } =
    delivery;
  return (
    <li class="row">
      <span class="grow">
        <a href={pathTo('promotions', promotion_id)}>{noticeInWords(event)}</a> in {environment}, {severity},{' '}
        <Time at={event_at} />
        <br />
        <span class={outcome === 'delivered' ? 'sec' : 't-stop'}>
          {OUTCOMES[outcome]}
          {reason === null ? '' : `: ${reason}`}
          {attempts > 1 ? `, after ${attempts} attempts` : ''}
          {reference === null ? '' : `; reference ${reference}`}
        </span>
      </span>
      <Time at={at} />
    </li>
  );
};
