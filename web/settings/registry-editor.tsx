import { useSignal } from '@preact/signals';
import { RegistryView, registries } from '../../functions/contract/registries.ts';
import { REGISTRY_ROLES, REGISTRY_TYPES } from '../../functions/domain/catalog/registry.ts';
import { aboutOf } from './about.tsx';
import { change, create, remove } from './change.ts';
import { Choice, TextField } from './fields.tsx';
import { type Close, Saving } from './saving.tsx';

const about = aboutOf(registries.body);

/** A registry being changed, or added. */
export const RegistryEditor = ({
  registry,
  close,
}: {
  readonly registry?: RegistryView;
  readonly close: Close;
}) => {
  const id = useSignal('');
  const type = useSignal(registry?.type ?? 'oci');
  const role = useSignal(registry?.role ?? 'secondary');
  const url = useSignal(registry?.url ?? '');
  const prefix = useSignal(registry?.repository_prefix ?? '');
  const secret = useSignal(registry?.secret_ref ?? '');
  const most = useSignal(String(registry?.max_artifact_bytes ?? ''));
  const given = { type: type.value, role: role.value, url: url.value.trim() };
  const optional = {
    repository_prefix: textOrNull(prefix.value),
    secret_ref: textOrNull(secret.value),
    max_artifact_bytes: most.value.trim() === '' ? null : Number(most.value),
  };
  const present = Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== null));
  const path = `${registries.path}/${encodeURIComponent(registry?.id ?? '')}`;
  return (
    <Saving
      name={registry?.id ?? 'The new registry'}
      effect="Later promotions and syncs of artifacts read and write there, and what was approved before is approved again. It takes a reason and, for a protected environment, a second admin. What was copied stays where it is."
      close={close}
      {...(registry === undefined
        ? {
            made: 'added',
            save: (reason) =>
              create(RegistryView, registries.path, {
                fields: { id: id.value.trim(), ...given, ...present },
                reason,
              }),
          }
        : {
            save: (reason) =>
              change(RegistryView, path, {
                version: registry.version,
                fields: { ...given, ...optional },
                reason,
              }),
            removal: (reason) => remove(path, { version: registry.version, reason }),
          })}
    >
      {registry === undefined ? (
        <TextField id="registry-id" label="Id" about={about('id')} value={id} />
      ) : undefined}
      <Choice id="registry-type" label="Type" about={about('type')} value={type} among={REGISTRY_TYPES} />
      <Choice id="registry-role" label="Role" about={about('role')} value={role} among={REGISTRY_ROLES} />
      <TextField id="registry-url" label="URL, https" about={about('url')} value={url} />
      <TextField
        id="prefix"
        label="Prefix of repositories"
        about={about('repository_prefix')}
        value={prefix}
        optional
      />
      <TextField
        id="secret"
        label="Name of the secret with user name and password; none: anonymous"
        about={about('secret_ref')}
        value={secret}
        optional
      />
      <TextField
        id="most"
        label="Largest artifact in bytes"
        about={about('max_artifact_bytes')}
        value={most}
        optional
      />
    </Saving>
  );
};

const textOrNull = (text: string): string | null => (text.trim() === '' ? null : text.trim());
