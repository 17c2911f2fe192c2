import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Below the ports that outgoing connections are given, which could take a port between its choice and its use. */
const range = { from: 10_240, to: 32_768 } as const;

/** A port of the loopback interface, held until it is released. */
export interface Reservation {
  readonly port: number;
  release(): void;
}

/**
 * Takes a port of the loopback interface so that nobody else does; whoever connects is cut off.
 * Rejects when it is in use.
 */
export function reservePort(port: number): Promise<Reservation> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve({ port, release: () => server.close() }));
  });
}

/** Takes some port that is free. */
export async function reserveAnyPort(): Promise<Reservation> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    try {
      return await reservePort(randomInt(range.from, range.to));
    } catch {
      // In use: try another.
    }
  }
  throw new Error('No free port was found on the loopback interface.');
}

/** A port that is free now, for a process that cannot be handed a reservation. */
export async function freePort(): Promise<number> {
  const { port, release } = await reserveAnyPort();
  release();
  return port;
}
