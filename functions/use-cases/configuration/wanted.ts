import { parseConstraint } from '../../domain/artifact/constraint.ts';
import type { ApprovalPolicyFields } from '../../domain/catalog/approval-policy.ts';
import { findEnvironment } from '../../domain/catalog/pipeline.ts';
import { type Configuration, completed, type GateMap } from '../../domain/configuration/document.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';
import { checkedPolicy } from '../catalog/approval-policy-fields.ts';
import type { CallLimits } from '../catalog/callable.ts';
import { originOf } from '../catalog/registry-fields.ts';
import { type Current, hostOf, pinKey, sortedPins } from './current.ts';

/** A document as callers write it: approval policies may leave out what takes its default. */
export type Said = Omit<Configuration, 'x-sluice'> & {
  readonly 'x-sluice'?: Omit<NonNullable<Configuration['x-sluice']>, 'approvals' | 'retention'> & {
    readonly approvals?: readonly ApprovalPolicyFields[];
    readonly retention?: {
      readonly keep_versions: number;
      readonly keep_days: number;
      readonly protected?: readonly string[];
    };
  };
};

/**
 * A document in the form in which it is exported: names for aliases, defaults said, so that what is so already is no difference. Refuses
 * `unknown_environment`, and `invalid_request` naming the member.
 */
export function wanted(said: Said, current: Current, limits: CallLimits): Configuration | Refusal {
  const { registry, promotion } = said.artifacts ?? {};
  const ours = said['x-sluice'];
  const registries = registry && registriesOf(registry, limits);
  if (isRefused(registries)) return registries;
  const gates = promotion?.gates && gatesOf(promotion.gates, current);
  if (isRefused(gates)) return gates;
  const approvals = ours?.approvals && approvalsOf(ours.approvals, current);
  if (isRefused(approvals)) return approvals;
  const pins = ours?.pins && pinsOf(ours.pins, current);
  if (isRefused(pins)) return pins;
  const slack = promotion?.notifications?.slack;
  const channels = slack?.channels?.map((name) => (name.startsWith('#') ? name : `#${name}`));
  const notifications = promotion?.notifications && {
    ...promotion.notifications,
    ...(slack === undefined
      ? {}
      : { slack: { webhook: slack.webhook, ...(channels?.length ? { channels } : {}) } }),
  };
  const retention = ours?.retention && { protected: [], ...ours.retention };
  return {
    ...(said.artifacts === undefined
      ? {}
      : {
          artifacts: {
            ...(registries === undefined ? {} : { registry: registries }),
            ...(promotion === undefined
              ? {}
              : {
                  promotion: {
                    ...promotion,
                    ...(gates === undefined ? {} : { gates }),
                    ...(notifications === undefined ? {} : { notifications }),
                  },
                }),
          },
        }),
    ...(ours === undefined
      ? {}
      : {
          'x-sluice': {
            ...(approvals === undefined ? {} : { approvals }),
            ...(retention === undefined ? {} : { retention }),
            ...(pins === undefined ? {} : { pins }),
          },
        }),
  };
}

type Registries = NonNullable<NonNullable<Configuration['artifacts']>['registry']>;

function registriesOf(registries: Registries, limits: CallLimits): Registries | Refusal {
  const entries: [string, Registries[string]][] = [];
  for (const [role, { type, url }] of Object.entries(registries)) {
    const origin = originOf(url, limits);
    if (origin === undefined) {
      return wrong(
        `artifacts.registry.${role}.url`,
        'must be the https address of a registry, without credentials or path',
      );
    }
    entries.push([role, { type, url: hostOf({ url: origin }) }]);
  }
  return Object.fromEntries(entries);
}

function gatesOf(
  gates: { readonly [environment: string]: GateMap },
  { environments }: Current,
): { readonly [environment: string]: GateMap } | Refusal {
  const named = new Map<string, GateMap>();
  for (const [said, map] of Object.entries(gates)) {
    const at = `artifacts.promotion.gates.${said}`;
    const name = findEnvironment(environments, said)?.name;
    if (name === undefined) return unknown(at, said);
    if (named.has(name)) return wrong(at, `is ${name}, which is named twice`);
    if (map['policy_compliance'] === false) return wrong(`${at}.policy_compliance`, 'cannot be turned off');
    named.set(name, completed(map));
  }
  return Object.fromEntries(named);
}

function approvalsOf(
  approvals: readonly ApprovalPolicyFields[],
  { environments }: Current,
): NonNullable<NonNullable<Configuration['x-sluice']>['approvals']> | Refusal {
  const checked = [];
  for (const [at, policy] of approvals.entries()) {
    if (approvals.findIndex(({ name }) => name === policy.name) !== at) {
      return wrong(`x-sluice.approvals.${at}.name`, `is ${policy.name}, which is named twice`);
    }
    const one = checkedPolicy(environments, policy);
    if ('refused' in one) return one;
    checked.push(one);
  }
  return checked;
}

function pinsOf(
  pins: NonNullable<NonNullable<Configuration['x-sluice']>['pins']>,
  { environments }: Current,
): typeof pins | Refusal {
  const named = [];
  for (const [at, pin] of pins.entries()) {
    const environment = findEnvironment(environments, pin.environment)?.name;
    if (environment === undefined) return unknown(`x-sluice.pins.${at}.environment`, pin.environment);
    const constraint = parseConstraint(pin.constraint);
    if ('invalid' in constraint) return wrong(`x-sluice.pins.${at}.constraint`, constraint.invalid);
    named.push({ ...pin, environment });
  }
  const keys = named.map(pinKey);
  const twice = keys.findIndex((key, at) => keys.indexOf(key) !== at);
  if (twice !== -1) return wrong(`x-sluice.pins.${twice}`, 'is named twice');
  return sortedPins(named);
}

const isRefused = (value: object | undefined): value is Refusal => value !== undefined && 'refused' in value;

const unknown = (field: string, name: string): Refusal =>
  refuse('unknown_environment', `${field}: there is no environment ${name}`, { name });

const wrong = (field: string, problem: string): Refusal =>
  refuse('invalid_request', `${field} ${problem}`, { errors: [{ field, problem }] });
