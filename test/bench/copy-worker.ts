import { streamingEgress } from '../../functions/adapters/egress/stream.ts';
import { ociRegistries } from '../../functions/adapters/oci/registries.ts';
import { isDigest } from '../../functions/domain/digest.ts';
import { COPYING, copyGraph } from '../../functions/use-cases/kinds/artifact/copy-graph.ts';

/**
 * Copies one graph as an execution does, in a process of its own: `<source url> <target url> <path> <digest> <credentials>`. Prints
 * what was copied, how many requests that took, and the most memory that the process had.
 */
async function copyOnce([from = '', to = '', path = '', digest = '', login = '']: readonly string[]) {
  if (!isDigest(digest)) throw new Error(`${digest} is no digest`);
  const exchange = streamingEgress({ allowLoopback: true });
  let requests = 0;
  const registries = ociRegistries({
    copySeconds: 600,
    exchange(request) {
      requests += 1;
      return exchange(request);
    },
    secrets: { read: async () => login },
    signatures: { verify: unasked, open: unasked },
    now: Date.now,
    sleep: (ms) => new Promise((done) => setTimeout(done, ms)),
  });
  const at = (url: string) =>
    registries.repository(
      'bench',
      {
        ...{ id: 'r', type: 'oci', role: 'primary', url, secret_ref: 'sluice/bench/registry/r', version: 1 },
        ...{ created_at: '2026-01-01T00:00:00.000Z', updated_at: '2026-01-01T00:00:00.000Z' },
      },
      path,
    );
  const kept = new Map<string, string>();
  const [source, target] = [at(from), at(to)];
  const copied = await copyGraph(
    {
      ...COPYING,
      ...{ source, target, late: () => false, alone: () => (act) => act() },
      uploads: {
        recall: async (blob) => kept.get(blob),
        keep: async (blob, location) => void kept.set(blob, location),
      },
    },
    digest,
  );
  if ((await target.resolve(digest))?.digest !== digest) throw new Error('it did not arrive');
  const megabytes = process.resourceUsage().maxRSS / 1024;
  console.log(JSON.stringify({ ...copied, requests, megabytes }));
}

const unasked = async (): Promise<never> => {
  throw new Error('no signature is verified here');
};

await copyOnce(process.argv.slice(2));
process.exit(0);
