import { generateKeyPairSync, sign } from 'node:crypto';
import * as z from 'zod';

/** What the demo gives its parts: one request at the API as a person, and a line to say. */
export interface Demo {
  readonly url: string;
  call(method: string, path: string, body?: object): Promise<unknown>;
  say(line: string): void;
}

const publishedSchema = z.looseObject({ version: z.string(), digest: z.string() });
const promotionSchema = z.looseObject({ id: z.string(), status: z.string() });

/**
 * Publishes the image that the registry of this machine is seeded with as a new version, reports what CI would report about it, and
 * promotes it to staging. Prints where it is then.
 */
export async function demoArtifact(demo: Demo): Promise<void> {
  const version = `v1.0.${Math.floor(Date.now() / 1000)}`;
  demo.say(`dev@acme.com publishes platform ${version} into development`);
  const published = publishedSchema.parse(
    await demo.call('POST', '/artifacts/platform/versions', { version, reference: 'build-1' }),
  );
  await report(demo, published.digest);
  demo.say(`and asks for ${version}: development → staging`);
  const asked = { artifact: 'platform', version, target_environment: 'staging' };
  const { id } = promotionSchema.parse(await demo.call('POST', '/promotions', asked));
  const promotion = await closed(demo, id);
  if (promotion.status !== 'completed') throw new Error(`${id} is ${promotion.status}, not completed`);
  const host = new URL(demo.url).host;
  demo.say(`${id} is completed: ${published.digest}`);
  demo.say(`  docker pull ${host}/platform:${version}-staging   (and latest-staging)`);
}

/** Tests, a scan and a signature of the manifest, by a key that is made here and forgotten. */
async function report(demo: Demo, subject_digest: string): Promise<void> {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const answer = await fetch(`${demo.url}/v2/platform/manifests/${subject_digest}`);
  const manifest = Buffer.from(await answer.arrayBuffer());
  const reports = [
    { gate: 'tests', format: 'json', document: { passed: true } },
    { gate: 'security_scan', format: 'json', document: { passed: true } },
    {
      gate: 'signature',
      format: 'cosign',
      document: {
        blob: manifest.toString('base64'),
        signature: sign('sha256', manifest, privateKey).toString('base64'),
        public_key: publicKey.export({ type: 'spki', format: 'pem' }),
      },
    },
  ];
  for (const each of reports) {
    demo.say(`  reports ${each.gate} about it`);
    await demo.call('POST', '/evidence', { ...each, subject_digest });
  }
}

async function closed({ call }: Demo, id: string): Promise<z.infer<typeof promotionSchema>> {
  for (let looks = 0; ; looks += 1) {
    const promotion = promotionSchema.parse(await call('GET', `/promotions/${id}`));
    if (looks === 6_000 || ['completed', 'failed', 'blocked', 'rejected'].includes(promotion.status))
      return promotion;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
