import { demoArtifact } from '../../../cli/demo-artifact.ts';
import { ok, TENANT, type World } from './world.ts';

/** Publishes an artifact, promotes it, copies it elsewhere, and has the registries asked about it. */
export async function promoteArtifact({ runtime, dev, admin }: World): Promise<void> {
  const secret_ref = `sluice/${TENANT}/registry/local`;
  const local = { id: 'local', role: 'primary', url: runtime.url, secret_ref };
  const { items } = await ok(admin.get('/api/v1/registries'));
  if (items.length === 0) await ok(admin.post('/api/v1/registries', local));
  await demoArtifact({
    url: runtime.url,
    say: () => undefined,
    call: (method, path, body) => ok(dev.send(method, `/api/v1${path}`, body)),
  });
  await ok(dev.get('/api/v1/artifacts/platform/status?verify=true'));
}
