import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { openRegistry } from '../../local/registry/registry.ts';
import { registryHandler } from '../../local/registry/respond.ts';
import { memoryFolder } from './memory-folder.ts';

/** The registry of the local runtime on a port of its own. */
export interface TestRegistry {
  /** Without a slash at the end. */
  readonly url: string;
  readonly directory: string;
  stop(): Promise<void>;
}

/** The account that may write to it. */
export const robot = { username: 'sluice', password: 'a password of a test' };

/** The `Authorization` header of that account. */
export const credentials = `Basic ${Buffer.from(`${robot.username}:${robot.password}`).toString('base64')}`;

/** Opens a registry on an empty directory, or on that of an earlier one. */
export async function startRegistry(directory?: string): Promise<TestRegistry> {
  const folder = directory ?? (await memoryFolder('sluice-registry-'));
  const handler = registryHandler(await openRegistry(folder, { issuer: undefined, robot }));
  const server = createServer((incoming, response) => {
    handler.respond(incoming, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    directory: folder,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      // A request that was cut off may still write.
      if (directory === undefined) await rm(folder, { recursive: true, force: true, maxRetries: 20 });
    },
  };
}

/** The sha256 digest of bytes or text. */
export function sha256(content: string | Buffer): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}
