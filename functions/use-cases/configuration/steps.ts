import { secretPrefix } from '../../domain/catalog/own-secret.ts';
import { registry } from '../../domain/catalog/registry.ts';
import { type Configuration, gatesAsSaid } from '../../domain/configuration/document.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { approvalPolicies } from '../catalog/approval-policies.ts';
import { artifactSettings } from '../catalog/artifact-settings.ts';
import { consumers } from '../catalog/consumers.ts';
import type { Changing, Description, KeepingDeps, Kept, Outcome } from '../catalog/description.ts';
import { environments } from '../catalog/environments.ts';
import { changeItem, createItem, deleteItem } from '../catalog/keeping.ts';
import { registries } from '../catalog/registries.ts';
import { channels } from '../notifications/channels.ts';
import { type Current, OWN_CHANNEL, pinKey, roleOf } from './current.ts';
import { emailFields, environmentFields, newRegistry, settingsFields, slackFields } from './fields.ts';

/** Who applies a document, and why. */
export type Asked = Changing;

type Applying = {
  readonly deps: KeepingDeps;
  readonly asked: Asked;
  readonly said: Configuration;
  readonly current: Current;
};

/** One change of one item; what is so already is no change. */
type Step = () => Promise<Outcome<Kept> | Refusal>;

/** What there is to do, in an order in which each step finds what it names. */
export const stepsOf = (applying: Applying): readonly Step[] => [
  ...registrySteps(applying),
  ...gateSteps(applying),
  ...settingsSteps(applying),
  ...approvalSteps(applying),
  ...channelSteps(applying),
  ...pinSteps(applying),
  ...goneRegistries(applying),
];

function registrySteps(applying: Applying): readonly Step[] {
  return Object.entries(applying.said.artifacts?.registry ?? {}).map(([role, said]) => {
    const stored = applying.current.registries.find((one) => roleOf(one) === role);
    return put(applying, registries, stored, (one) => ({
      ...(one === undefined ? newRegistry(role) : registry.said(one)),
      ...said,
    }));
  });
}

/** Last, when no environment names one of them any more. */
function goneRegistries(applying: Applying): readonly Step[] {
  const { said, current } = applying;
  const named = said.artifacts?.registry;
  if (named === undefined) return [];
  return current.registries
    .filter((one) => !(roleOf(one) in named))
    .map((one) => drop(applying, registries, one));
}

function gateSteps(applying: Applying): readonly Step[] {
  const { said, current } = applying;
  return Object.entries(said.artifacts?.promotion?.gates ?? {}).map(([name, map]) => {
    const stored = current.environments.find((one) => one.name === name);
    return put(applying, environments, stored, (one) => ({
      ...(one === undefined ? { name } : environmentFields(one)),
      gates: gatesAsSaid(one?.gates ?? [], map),
    }));
  });
}

function settingsSteps(applying: Applying): readonly Step[] {
  const { said, current } = applying;
  const { cross_registry_sync, verification } = said.artifacts?.promotion ?? {};
  const retention = said['x-sluice']?.retention;
  const told = {
    ...(cross_registry_sync === undefined ? {} : { cross_registry_sync }),
    ...(verification === undefined ? {} : { verification }),
    ...(retention === undefined ? {} : { retention }),
  };
  if (Object.keys(told).length === 0) return [];
  return [put(applying, artifactSettings, current.settings, (one) => ({ ...settingsFields(one), ...told }))];
}

/** Policies go by their names. */
function approvalSteps(applying: Applying): readonly Step[] {
  const { said, current } = applying;
  const wanted = said['x-sluice']?.approvals;
  if (wanted === undefined) return [];
  const storedAs = (name: string) => current.policies.find((one) => one.name === name);
  const kept = wanted.map(({ name }) => storedAs(name)?.id);
  return [
    ...wanted.map((policy) => put(applying, approvalPolicies, storedAs(policy.name), () => policy)),
    ...current.policies
      .filter(({ id }) => !kept.includes(id))
      .map((policy) => drop(applying, approvalPolicies, policy)),
  ];
}

function channelSteps(applying: Applying): readonly Step[] {
  const { said, current, asked } = applying;
  const notifications = said.artifacts?.promotion?.notifications;
  if (notifications === undefined) return [];
  const { slack, email } = notifications;
  const steps: Step[] = [];
  if (slack === undefined && current.slack !== undefined) steps.push(drop(applying, channels, current.slack));
  if (email === undefined && current.email !== undefined) steps.push(drop(applying, channels, current.email));
  if (slack !== undefined) {
    const prefix = secretPrefix({ tenant: asked.principal.tenant, purpose: 'slack' });
    const url_ref = `${prefix}${slack.webhook.slice('${'.length, -1)}`;
    const name = [OWN_CHANNEL, ...(slack.channels ?? [])].join(' ');
    const target = { type: 'slack', mode: 'incoming_webhook', url_ref } as const;
    steps.push(put(applying, channels, current.slack, (one) => ({ ...slackFields(one), name, ...target })));
  }
  if (email !== undefined) {
    const target = { type: 'email', recipients: email.recipients } as const;
    const name = OWN_CHANNEL;
    steps.push(
      put(applying, channels, current.email, (one) => ({
        show_values: false,
        ...emailFields(one),
        name,
        ...target,
      })),
    );
  }
  return steps;
}

function pinSteps(applying: Applying): readonly Step[] {
  const { said, current } = applying;
  const pins = said['x-sluice']?.pins;
  if (pins === undefined) return [];
  const keys = pins.map(pinKey);
  return [
    ...pins.map((pin) => {
      const stored = current.consumers.find((one) => pinKey(one) === pinKey(pin));
      return put(applying, consumers, stored, (one) => ({
        ...(one === undefined ? {} : { id: one.id }),
        ...pin,
      }));
    }),
    ...current.consumers
      .filter((one) => !keys.includes(pinKey(one)))
      .map((one) => drop(applying, consumers, one)),
  ];
}

/** Creates an item, or changes the one that is there. */
function put<T extends Kept, F extends object>(
  { deps, asked }: Applying,
  noun: Description<T, F>,
  stored: T | undefined,
  fieldsOf: (stored: T | undefined) => F,
): Step {
  if (stored === undefined) return () => createItem(deps, noun, { ...asked, fields: fieldsOf(undefined) });
  const ref = { id: noun.idOf(stored) };
  return () => changeItem(deps, noun, { ...asked, ref, fieldsOf, ifMatch: undefined });
}

function drop<T extends Kept, F extends object>(
  { deps, asked }: Applying,
  noun: Description<T, F>,
  stored: T,
): Step {
  const ref = { id: noun.idOf(stored) };
  return () => deleteItem(deps, noun, { ...asked, ref, ifMatch: undefined });
}
