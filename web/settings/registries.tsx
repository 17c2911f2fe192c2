import { RegistryView, registries } from '../../functions/contract/registries.ts';
import { useList } from '../api/list.ts';
import { iMay } from '../me.ts';
import { EditableListing } from './editable.tsx';
import { RegistryEditor } from './registry-editor.tsx';

/** Where artifacts are kept. */
export const Registries = () => (
  <EditableListing
    title="Registries"
    says="Environments live in the primary one; what is synced goes to each secondary one"
    data={useList(RegistryView, registries.path)}
    may={iMay('manage_catalog')}
    item={({ id, type, role, url, repository_prefix, secret_ref }) => ({
      key: id,
      name: id,
      says: `${role}, ${type}, at ${url}${repository_prefix === null ? '' : `/${repository_prefix}`}; ${secret_ref === null ? 'without credentials' : 'with credentials from a secret'}`,
    })}
    editor={(registry, close) => <RegistryEditor registry={registry} close={close} />}
    add={{ label: 'Add a registry', form: (close) => <RegistryEditor close={close} /> }}
    empty={{
      title: 'No registry is set',
      says: 'Artifacts are promoted by copying them within a registry, or from one to others:',
      command:
        'POST /api/v1/registries {"id": "main", "type": "oci", "role": "primary", "url": "https://registry.example.com"}',
    }}
  />
);
