import type { EnvironmentView } from '../../contract/environments.ts';
import { entryInWords } from '../../domain/catalog/entry-in-words.ts';
import type { Environment, VerificationSetting } from '../../domain/catalog/environment.ts';
import type { GateProvider } from '../../domain/gates/gate.ts';

/** An environment as the API shows it. Its guard is nobody's business. */
export function environmentView(
  tenant: string,
  {
    guard: _,
    lock,
    tenant_lock,
    aliases,
    gates,
    owned_keys,
    rollback,
    verification,
    artifact_repository,
    ...rest
  }: Environment,
): EnvironmentView {
  return {
    ...rest,
    organization_id: tenant,
    aliases: [...aliases],
    gates: gates.map(gateView),
    owned_keys: [...owned_keys],
    rollback: rollback ?? null,
    verification: verification === undefined ? null : verificationView(verification),
    artifact_repository: artifact_repository ?? null,
    lock: lock ?? null,
    tenant_lock: tenant_lock ?? null,
    requirements: {
      agent: entryInWords({ ...rest, gates }, 'agent'),
      config: entryInWords({ ...rest, gates }, 'config'),
      artifact: entryInWords({ ...rest, gates }, 'artifact'),
    },
  };
}

function verificationView({ thresholds, producers, ...rest }: VerificationSetting) {
  return {
    ...rest,
    ...(thresholds === undefined ? {} : { thresholds }),
    ...(producers === undefined ? {} : { producers: [...producers] }),
  };
}

function gateView({
  applies_to,
  thresholds,
  producers,
  signers,
  provider,
  ...gate
}: Environment['gates'][number]) {
  return {
    ...gate,
    applies_to: [...applies_to],
    ...(thresholds === undefined ? {} : { thresholds }),
    ...(producers === undefined ? {} : { producers: [...producers] }),
    ...(signers === undefined ? {} : { signers: [...signers] }),
    ...(provider === undefined ? {} : { provider: providerView(provider) }),
  };
}

function providerView(provider: GateProvider) {
  if (provider.type === 'http') return provider;
  const { public_keys, ...rest } = provider;
  return { ...rest, ...(public_keys === undefined ? {} : { public_keys: [...public_keys] }) };
}
