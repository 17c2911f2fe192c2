import type { Environment } from '../catalog/environment.ts';
import { digest } from '../digest.ts';
import type { Channel } from '../notification/channel.ts';

/** An environment as changes record it: without its guard, which also rises when nothing of it changes. */
export function recordedEnvironment({ guard: _, ...environment }: Environment): Omit<Environment, 'guard'> {
  return environment;
}

/**
 * A channel as changes record it. Who knows the address of a webhook may be all who can write to it: of the address only the host is
 * told, and a mark that differs between any two addresses. Names of secrets are told, as they open nothing.
 */
export function recordedChannel(channel: Channel): object {
  if (channel.type !== 'webhook') return channel;
  const [origin = 'https://'] = /^[a-z]+:\/\/[^/?#@]*/i.exec(channel.url) ?? [];
  const mark = digest('sluice/catalog/v1', { channel: channel.id, url: channel.url }).slice(-12);
  return { ...channel, url: `${origin}/…${mark}` };
}
