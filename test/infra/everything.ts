import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Api } from '../support/api.ts';
import type { GatewayServer } from '../support/gateway.ts';
import { untilWaiting } from '../support/recorded-assembly.ts';
import type { Runtime } from '../support/runtime.ts';
import type { SlackServer } from '../support/slack.ts';
import { administer } from './everything/administer.ts';
import { promoteArtifact } from './everything/artifacts.ts';
import { audit } from './everything/audit.ts';
import { askAsEverybody } from './everything/callers.ts';
import { configure } from './everything/configure.ts';
import { decideByMail } from './everything/decide.ts';
import { fail } from './everything/fail.ts';
import { moveTarget, reaches } from './everything/moved-target.ts';
import { notify } from './everything/notify.ts';
import { promote, prove } from './everything/promote.ts';
import { askProvider } from './everything/provider.ts';
import { signInAndOut } from './everything/sign-in.ts';
import { decideInSlack, slackSecrets } from './everything/slack.ts';
import { letTimePass } from './everything/time.ts';
import { TENANT } from './everything/world.ts';

/** Makes every function do all that it does, as far as one run can. Needs an adjustable clock; calls are noted in `log`. */
export async function doEverything(
  runtime: Runtime,
  gateway: GatewayServer,
  slack: SlackServer,
  log: string,
): Promise<void> {
  await writeFile(
    join(runtime.dataDir, 'secrets.json'),
    JSON.stringify({
      [`sluice/${TENANT}/gateway/gw`]: 'token',
      ...slackSecrets(slack),
      [`sluice/${TENANT}/webhook/hook`]: `whsec_${Buffer.alloc(32).toString('base64')}`,
      [`sluice/${TENANT}/gate/judge`]: 'whsec_dHdlbnR5LWZvdXIgYnl0ZXMgb3IgbW9yZSBvZiBpdA==',
    }),
  );
  const as = async (email: string) => new Api(runtime.url, await runtime.token(email));
  const world = {
    runtime,
    gateway,
    dev: await as('dev@acme.com'),
    alice: await as('alice@acme.com'),
    admin: await as('admin@acme.com'),
    waits: (path: string) => untilWaiting(log, path.split('/').at(-1) ?? path),
  };
  await administer(world);
  await promote(world);
  await prove(world);
  await promoteArtifact(world);
  await askProvider(world);
  await notify(world);
  await fail(world);
  await configure(world);
  await signInAndOut(world);
  await decideInSlack(world, slack);
  await decideByMail(world);
  const planned = await moveTarget(world);
  await letTimePass(world);
  await reaches(world, planned, 'completed');
  await audit(world);
  await askAsEverybody(world);
}
