import { RegistryView, registries } from '../../functions/contract/registries.ts';
import { useList } from '../api/list.ts';
import { ItemRow, Listing } from './listing.tsx';

/** Where artifacts are kept. */
export const Registries = () => (
  <Listing
    title="Registries"
    says="Environments live in the primary one; what is synced goes to each secondary one"
    data={useList(RegistryView, registries.path)}
    row={({ id, type, role, url, repository_prefix, secret_ref }) => (
      <ItemRow
        key={id}
        name={id}
        says={`${role}, ${type}, at ${url}${repository_prefix === null ? '' : `/${repository_prefix}`}; ${secret_ref === null ? 'without credentials' : 'with credentials from a secret'}`}
      />
    )}
    empty={{
      title: 'No registry is set',
      says: 'Artifacts are promoted by copying them within a registry, or from one to others:',
      command:
        'POST /api/v1/registries {"id": "main", "type": "oci", "role": "primary", "url": "https://registry.example.com"}',
    }}
  />
);
