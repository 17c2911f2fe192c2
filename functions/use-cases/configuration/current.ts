import type { Consumer } from '../../domain/artifact/consumer.ts';
import {
  ARTIFACT_SETTINGS,
  type ArtifactSettings,
  DEFAULT_SETTINGS,
} from '../../domain/artifact/settings.ts';
import type { ApprovalPolicy } from '../../domain/catalog/approval-policy.ts';
import type { Environment } from '../../domain/catalog/environment.ts';
import { secretPrefix } from '../../domain/catalog/own-secret.ts';
import { inOrder } from '../../domain/catalog/pipeline.ts';
import type { Registry } from '../../domain/catalog/registry.ts';
import { type Configuration, gateMapOf, type PinEntry } from '../../domain/configuration/document.ts';
import type { Channel, ChannelOf } from '../../domain/notification/channel.ts';
import type { Deps } from '../deps.ts';

/** What the document is about, as it stands. */
export type Current = {
  readonly environments: readonly Environment[];
  readonly registries: readonly Registry[];
  readonly policies: readonly ApprovalPolicy[];
  readonly consumers: readonly Consumer[];
  readonly slack: SlackWebhook | undefined;
  readonly email: ChannelOf<'email'> | undefined;
  readonly settings: ArtifactSettings | undefined;
};

type SlackWebhook = Extract<Channel, { readonly mode: 'incoming_webhook' }>;

/** The first word of the names of channels that the document keeps; those of Slack follow it. */
export const OWN_CHANNEL = 'configuration';

/** Reads it all, strongly consistent. */
export async function readCurrent(deps: Pick<Deps, 'catalog'>, tenant: string): Promise<Current> {
  const { catalog } = deps;
  const [environments, registries, policies, consumers, channels, settings] = await Promise.all([
    catalog.all(tenant, 'environment'),
    catalog.all(tenant, 'registry'),
    catalog.all(tenant, 'policy'),
    catalog.all(tenant, 'consumer'),
    catalog.all(tenant, 'channel'),
    catalog.item(tenant, 'artifact_settings', ARTIFACT_SETTINGS),
  ]);
  const own = channels.filter(({ name }) => name === OWN_CHANNEL || name.startsWith(`${OWN_CHANNEL} #`));
  return {
    environments: inOrder(environments),
    registries,
    policies,
    consumers,
    slack: own.find((one) => one.type === 'slack' && one.mode === 'incoming_webhook'),
    email: own.find((one) => one.type === 'email'),
    settings,
  };
}

/** The document that says what is so. Applied, it changes nothing. */
export function exported(tenant: string, current: Current): Required<Configuration> {
  const { environments, registries, slack, email, settings } = current;
  const { cross_registry_sync, verification, retention } = { ...DEFAULT_SETTINGS, ...settings };
  const notifications = {
    ...(slack === undefined ? {} : { slack: slackOf(tenant, slack) }),
    ...(email === undefined || email.recipients === 'approvers'
      ? {}
      : { email: { recipients: email.recipients } }),
  };
  return {
    artifacts: {
      registry: Object.fromEntries(
        registries.map((one) => [roleOf(one), { type: one.type, url: hostOf(one) }]),
      ),
      promotion: {
        gates: Object.fromEntries(environments.map((one) => [one.name, gateMapOf(one)])),
        ...(Object.keys(notifications).length === 0 ? {} : { notifications }),
        cross_registry_sync,
        verification,
      },
    },
    'x-sluice': {
      approvals: current.policies.map(
        ({ id: _, version: __, created_at: ___, updated_at: ____, ...policy }) => policy,
      ),
      ...(retention === undefined ? {} : { retention }),
      pins: sortedPins(current.consumers),
    },
  };
}

/** The primary registry is `primary` whatever its id; all others go by theirs. */
export const roleOf = ({ id, role }: Registry): string => (role === 'primary' ? 'primary' : id);

/** As the document writes it: the host, or the origin where it is not https. */
export const hostOf = ({ url }: Pick<Registry, 'url'>): string => url.replace(/^https:\/\//, '');

function slackOf(tenant: string, { url_ref, name }: SlackWebhook) {
  const secret = url_ref.slice(secretPrefix({ tenant, purpose: 'slack' }).length);
  const channels = name.split(' ').slice(1);
  return { webhook: `\${${secret}}`, ...(channels.length === 0 ? {} : { channels }) };
}

/** Pins in one order, whoever wrote them down. */
export function sortedPins(pins: readonly PinEntry[]): readonly PinEntry[] {
  return pins
    .map(({ name, environment, artifact, constraint }) => ({ name, environment, artifact, constraint }))
    .toSorted((a, b) => (pinKey(a) < pinKey(b) ? -1 : 1));
}

/** What tells pins apart. No environment and no artifact holds a `#`. */
export const pinKey = ({ name, environment, artifact }: PinEntry): string =>
  `${environment}#${artifact}#${name}`;
