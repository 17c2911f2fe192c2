/** Which addresses a tenant may have called, where only the local runtime allows more. */
export type CallLimits = {
  /** Whether an address may be loopback, over http. */
  readonly allowLoopback: boolean;
};

/** Whether an address may be written down to be called: https, without credentials or fragment. Where it leads is judged at the call. */
export function isCallable(text: string, { allowLoopback }: CallLimits): boolean {
  const url = URL.parse(text);
  if (url === null || url.username !== '' || url.password !== '' || url.hash !== '') return false;
  if (url.protocol === 'https:') return true;
  return allowLoopback && url.protocol === 'http:' && LOOPBACK.includes(url.hostname);
}

const LOOPBACK: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];
