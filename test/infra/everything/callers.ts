import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ENDPOINTS } from '../../../functions/contract/all.ts';
import { signedHeaders } from '../../support/runtime-sign.ts';
import { TENANT, type World } from './world.ts';

const READS = ENDPOINTS.filter(({ method, open }) => method === 'GET' && !open);

/** Every read with the tenant's header, as a person and as a machine: who asks is found in another way each time. */
export async function askAsEverybody({ runtime, admin }: World): Promise<void> {
  const { items } = JSON.parse(await readFile(join(runtime.dataDir, 'machine-credentials.json'), 'utf8'));
  const tenant = { 'x-tenant-id': TENANT };
  for (const { path } of READS) {
    const filled = path.replaceAll(/\{\w+\}/g, 'staging');
    known(filled, (await admin.get(filled, tenant)).status);
    const url = runtime.url + filled;
    const signed = await signedHeaders({ method: 'GET', url, headers: tenant, credential: items[0] });
    known(`${filled} as a machine`, (await fetch(url, { headers: { ...tenant, ...signed } })).status);
  }
}

/** A caller who is known is answered or refused. */
function known(what: string, status: number): void {
  if (status === 401 || status >= 500) throw new Error(`GET ${what} answers ${status}`);
}
