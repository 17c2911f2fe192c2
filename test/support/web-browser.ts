import { formToken } from '../../functions/domain/identity/session.ts';

export type Visited = { readonly status: number; readonly text: string; readonly headers: Headers };

/** A browser for a runtime: keeps cookies, follows redirects, sends forms. */
export class WebBrowser {
  readonly #url: string;
  readonly #jar = new Map<string, string>();

  constructor(url: string) {
    this.#url = url;
  }

  get(path: string): Promise<Visited> {
    return this.#visit(new URL(path, this.#url), {});
  }

  post(path: string, form: Record<string, string>): Promise<Visited> {
    return this.#visit(new URL(path, this.#url), { method: 'POST', body: new URLSearchParams(form) });
  }

  /** Signs in as one of the demo people, at the local issuer's page. */
  async signIn(email: string, back?: string): Promise<Visited> {
    const query = back === undefined ? '' : `?return=${encodeURIComponent(back)}`;
    const picking = await this.#send(new URL(`/sign-in${query}`, this.#url), {});
    const address = new URL(picking.headers.get('location') ?? '', this.#url);
    if (!(await this.#visit(address, {})).text.includes(`value="${email}"`)) throw new Error(`no ${email}`);
    address.searchParams.set('person', email);
    return this.#visit(address, {});
  }

  /** What the forms of its session carry. */
  formToken(): string {
    return formToken(this.#jar.get('sluice') ?? '');
  }

  async #visit(url: URL, init: RequestInit): Promise<Visited> {
    const answer = await this.#send(url, init);
    const location = answer.headers.get('location');
    if (location !== null) return this.#visit(new URL(location, url), {});
    return { status: answer.status, text: await answer.text(), headers: answer.headers };
  }

  async #send(url: URL, init: RequestInit): Promise<Response> {
    const cookie = [...this.#jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(url, { ...init, redirect: 'manual', headers: { cookie } });
    for (const set of answer.headers.getSetCookie()) {
      const [pair = '', ...attributes] = set.split('; ');
      const [name = '', value = ''] = pair.split('=');
      if (attributes.includes('Max-Age=0')) this.#jar.delete(name);
      else this.#jar.set(name, value);
    }
    return answer;
  }
}
