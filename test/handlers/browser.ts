import type { World } from './api-world.ts';
import type { Answer } from './event.ts';

/** A browser as far as pages need one: it keeps cookies and sends forms. */
export function browser(world: World) {
  const jar = new Map<string, string>();

  async function send(method: string, path: string, form?: Record<string, string>): Promise<Answer> {
    const answer = await world.send({
      method,
      path,
      cookies: [...jar].map(([name, value]) => `${name}=${value}`),
      ...(form === undefined
        ? {}
        : {
            body: new URLSearchParams(form).toString(),
            headers: { 'content-type': 'application/x-www-form-urlencoded' },
            base64: true,
          }),
    });
    for (const cookie of answer.cookies) {
      const [pair = '', ...attributes] = cookie.split('; ');
      const at = pair.indexOf('=');
      if (attributes.includes('Max-Age=0')) jar.delete(pair.slice(0, at));
      else jar.set(pair.slice(0, at), pair.slice(at + 1));
    }
    return answer;
  }

  /** Asks to be signed in: the address of the provider that it is sent to. */
  async function begin(back?: string): Promise<string> {
    const query = back === undefined ? '' : `?return=${encodeURIComponent(back)}`;
    return String((await send('GET', `/sign-in${query}`)).headers['location']);
  }

  return {
    /** A request of a script on one of its pages, with the headers that are given and no others. */
    ask: (method: string, path: string, headers: Record<string, string> = {}, body?: unknown) =>
      world.send({
        method,
        path,
        cookies: [...jar].map(([name, value]) => `${name}=${value}`),
        headers,
        ...(body === undefined ? {} : { body }),
      }),
    get: (path: string) => send('GET', path),
    head: (path: string) => send('HEAD', path),
    post: (path: string, form: Record<string, string>) => send('POST', path, form),
    begin,
    /** The whole of a sign-in, at the provider as `sub`. */
    async signIn(sub: string, back?: string): Promise<Answer> {
      const { code, state } = world.issuer.grant(await begin(back), sub);
      return send('GET', `/sign-in/callback?code=${code}&state=${state}`);
    },
    cookies: () => [...jar.keys()],
    /** The secret of its session. */
    secret(): string {
      const secret = jar.get('__Host-sluice');
      if (secret === undefined) throw new Error('nobody is signed in');
      return secret;
    },
  };
}
