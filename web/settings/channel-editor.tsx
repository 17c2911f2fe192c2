import { type Signal, useSignal } from '@preact/signals';
import { ChannelView, channels } from '../../functions/contract/notification-channels.ts';
import { NOTICE_NAMES } from '../../functions/domain/notification/channel.ts';
import { SEVERITIES } from '../../functions/domain/notification/notice.ts';
import { useEnvironments } from '../api/environments.ts';
import { Loading } from '../parts/notes.tsx';
import { noticeInWords } from '../words/notices.ts';
import { aboutOf } from './about.tsx';
import { change, create, remove } from './change.ts';
import { Among, Check, Choice, TextField, wordsIn } from './fields.tsx';
import { type Close, Saving } from './saving.tsx';

const about = aboutOf(channels.body);

/** The ways on which a channel reaches its receiver. */
const WAYS = {
  email: 'Mail',
  webhook: 'Webhook, signed',
  slack_webhook: 'Slack, by an incoming webhook',
  slack_app: 'Slack, by an app that takes decisions',
} as const;
type Way = keyof typeof WAYS;
const ways = Object.keys(WAYS).filter((name): name is Way => name in WAYS);

/** Whether mails go to those who may approve, or to named people. */
const TO = { approvers: 'those who may approve', named: 'named people' } as const;
type To = keyof typeof TO;

/** A channel being changed, or added. A channel keeps its way. */
export const ChannelEditor = ({
  channel,
  close,
}: {
  readonly channel?: ChannelView;
  readonly close: Close;
}) => {
  const way = useSignal<Way>(channel === undefined ? 'email' : wayOf(channel));
  const name = useSignal(channel?.name ?? '');
  const events = useSignal<'all' | readonly string[]>(channel?.filter.events ?? 'all');
  const environments = useSignal<'all' | readonly string[]>(channel?.filter.environments ?? 'all');
  const severities = useSignal<'all' | readonly string[]>(channel?.filter.severities ?? 'all');
  const muted = channel?.muted_until ?? null;
  const silent = useSignal(muted === null ? '' : localOf(muted));
  const active = useSignal(channel?.status !== 'disabled');
  const target = useTarget(channel);
  const known = useEnvironments().value;
  const fields = {
    name: name.value.trim(),
    filter: { events: events.value, environments: environments.value, severities: severities.value },
    ...mutedUntil(silent.value, muted),
    status: active.value ? 'active' : 'disabled',
    ...target.fields(way.value),
  };
  const path = `${channels.path}/${encodeURIComponent(channel?.id ?? '')}`;
  return (
    <Saving
      name={channel?.name ?? 'The new channel'}
      effect="Saving changes what is told from now on. What happened before is not told again."
      close={close}
      {...(channel === undefined
        ? { made: 'added', save: (reason) => create(ChannelView, channels.path, { fields, reason }) }
        : {
            save: (reason) => change(ChannelView, path, { version: channel.version, fields, reason }),
            removal: (reason) => remove(path, { version: channel.version, reason }),
          })}
    >
      <TextField id="channel-name" label="Name" about={about('name')} value={name} />
      {channel === undefined ? (
        <Choice id="way" label="Way" value={way} among={ways} words={(one) => WAYS[one]} />
      ) : undefined}
      {target.controls(way.value)}
      <Among
        legend="Events"
        about={about('filter')}
        all="Every event"
        value={events}
        among={NOTICE_NAMES}
        words={noticeInWords}
      />
      {known === undefined ? (
        <Loading rows={1} />
      ) : (
        <Among
          legend="Environments"
          all="Every environment"
          value={environments}
          among={known.map((one) => one.name)}
        />
      )}
      <Among legend="Severities" all="Every severity" value={severities} among={SEVERITIES} />
      <TextField
        id="muted"
        label="Muted until, in your time zone"
        about={about('muted_until')}
        type="datetime-local"
        value={silent}
        optional
      />
      <Check
        label="Active: notices are sent"
        about={about('status')}
        checked={active.value}
        set={(on) => (active.value = on)}
      />
    </Saving>
  );
};

/** Where a channel leads, by its way: what is typed, and what the API takes of it. Secrets are named, never typed. */
function useTarget(channel: ChannelView | undefined) {
  const kept: { readonly [name: string]: unknown } = { ...channel };
  const text = (name: string) => (typeof kept[name] === 'string' ? kept[name] : '');
  const recipients = channel?.type === 'email' ? channel.recipients : 'approvers';
  const to = useSignal<To>(recipients === 'approvers' ? 'approvers' : 'named');
  const people = useSignal(recipients === 'approvers' ? '' : recipients.join(', '));
  const shown = useSignal(channel?.type === 'email' && channel.show_values === true);
  const values = {
    url: useSignal(text('url')),
    secret_ref: useSignal(text('secret_ref')),
    url_ref: useSignal(text('url_ref')),
    team_id: useSignal(text('team_id')),
    channel_id: useSignal(text('channel_id')),
    bot_token_ref: useSignal(text('bot_token_ref')),
    signing_secret_ref: useSignal(text('signing_secret_ref')),
  };
  const namesOf = (way: Way): readonly (keyof typeof values)[] => {
    switch (way) {
      case 'email':
        return [];
      case 'webhook':
        return ['url', 'secret_ref'];
      case 'slack_webhook':
        return ['url_ref'];
      case 'slack_app':
        return ['team_id', 'channel_id', 'bot_token_ref', 'signing_secret_ref'];
      default:
        return way satisfies never;
    }
  };
  return {
    fields(way: Way): object {
      if (way === 'email')
        return {
          type: 'email',
          recipients: to.value === 'approvers' ? 'approvers' : wordsIn(people.value),
          show_values: shown.value,
        };
      const given = Object.fromEntries(namesOf(way).map((name) => [name, values[name].value.trim()]));
      if (way === 'webhook') return { type: 'webhook', ...given };
      return { type: 'slack', mode: way === 'slack_app' ? 'app' : 'incoming_webhook', ...given };
    },
    controls: (way: Way) =>
      way === 'email' ? (
        <Mailed to={to} people={people} shown={shown} />
      ) : (
        namesOf(way).map((name) => (
          <TextField key={name} id={name} label={LABELS[name]} about={about(name)} value={values[name]} />
        ))
      ),
  };
}

const LABELS = {
  url: 'URL that is called',
  secret_ref: 'Name of the secret that signs (whsec_…), under sluice/<tenant>/webhook/',
  url_ref: 'Name of the secret that holds the URL, under sluice/<tenant>/slack/',
  team_id: 'Id of the team, such as T024BE7LD',
  channel_id: 'Id of the channel, such as C024BE91L',
  bot_token_ref: 'Name of the secret that holds the bot token',
  signing_secret_ref: 'Name of the secret that Slack signs with',
} as const;

const Mailed = ({
  to,
  people,
  shown,
}: {
  readonly to: Signal<To>;
  readonly people: Signal<string>;
  readonly shown: Signal<boolean>;
}) => (
  <>
    <Choice
      id="to"
      label="To"
      about={about('recipients')}
      value={to}
      among={['approvers', 'named'] as const}
      words={(one) => TO[one]}
    />
    {to.value === 'named' ? (
      <TextField id="people" label="E-mail addresses, separated by commas" value={people} />
    ) : undefined}
    <Check
      label="Mails that ask for approval show values of configuration, but sensitive ones; else its keys alone"
      about={about('show_values')}
      checked={shown.value}
      set={(on) => (shown.value = on)}
    />
  </>
);

const wayOf = (channel: ChannelView): Way => {
  if (channel.type !== 'slack') return channel.type;
  return channel.mode === 'app' ? 'slack_app' : 'slack_webhook';
};

/** An instant as a control for a date and a time takes it, by the person's clock. */
function localOf(instant: string): string {
  const at = new Date(instant);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** Until when a channel is muted: nothing is said where nothing is set, and what was not changed keeps its seconds. */
function mutedUntil(local: string, before: string | null): { readonly muted_until?: string | null } {
  if (local === '') return before === null ? {} : { muted_until: null };
  return {
    muted_until: before !== null && localOf(before) === local ? before : new Date(local).toISOString(),
  };
}
