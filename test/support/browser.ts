/** A form of a page: where it goes and what it would send untouched. */
export type Form = {
  readonly method: string;
  readonly action: string;
  readonly fields: Readonly<Record<string, string>>;
  /** The `name` and `value` of each button. */
  readonly buttons: readonly (readonly [name: string, value: string])[];
};

/** A page as it stands after all redirects. */
export type Page = {
  readonly url: string;
  readonly status: number;
  readonly headers: Headers;
  readonly html: string;
  readonly links: readonly string[];
  readonly forms: readonly Form[];
};

/** A person's browser without scripts: it keeps cookies, follows redirects and sends forms. */
export class Browser {
  readonly cookies = new Map<string, string>();

  get(url: string): Promise<Page> {
    return this.#load(url, { method: 'GET' });
  }

  /** Sends the page's form that has this button (or its only one), with the page as its origin. */
  submit(page: Page, given: Readonly<Record<string, string>> = {}): Promise<Page> {
    const pressed = Object.entries(given);
    const fits = ({ buttons }: Form) =>
      buttons.some(([name, value]) => pressed.some(([key, chosen]) => key === name && chosen === value));
    const form = page.forms.find(fits) ?? page.forms[0];
    if (form === undefined) throw new Error(`There is no form on ${page.url}:\n${page.html}`);
    const body = new URLSearchParams({ ...form.fields, ...given });
    const url = new URL(form.action, page.url);
    if (form.method.toUpperCase() === 'GET') return this.get(`${url.origin}${url.pathname}?${body}`);
    const origin = new URL(page.url).origin;
    return this.#load(url.href, { method: 'POST', body, headers: { origin } });
  }

  async #load(url: string, init: RequestInit, redirects = 0): Promise<Page> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { ...init.headers, ...(cookie === '' ? {} : { cookie }) };
    const answer = await fetch(url, { ...init, headers, redirect: 'manual' });
    for (const set of answer.headers.getSetCookie()) this.#keep(set);
    const location = answer.headers.get('location');
    if (answer.status >= 300 && answer.status < 400 && location !== null) {
      if (redirects === 10) throw new Error(`${url} leads on and on`);
      await answer.body?.cancel();
      return this.#load(new URL(location, url).href, { method: 'GET' }, redirects + 1);
    }
    const html = await answer.text();
    return { url, status: answer.status, headers: answer.headers, html, ...read(html) };
  }

  #keep(set: string): void {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
    if (/;\s*max-age=0\b/i.test(set)) this.cookies.delete(name);
    else this.cookies.set(name, value);
  }
}

/** The links and forms of a page; of frames within it too, whose content stands in an attribute. */
function read(html: string): Pick<Page, 'links' | 'forms'> {
  const frames = [...html.matchAll(/\ssrcdoc="([^"]*)"/g)].map(([, inner = '']) => unescaped(inner));
  const whole = [html, ...frames].join('\n');
  const links = [...whole.matchAll(/<a\b[^>]*>/gi)].flatMap(([tag]) => attribute(tag, 'href') ?? []);
  const forms = [...whole.matchAll(/(<form\b[^>]*>)([\s\S]*?)<\/form>/gi)].map(([, tag = '', inner = '']) =>
    formOf(tag, inner),
  );
  return { links, forms };
}

function formOf(tag: string, inner: string): Form {
  const all = (name: string) =>
    [...inner.matchAll(new RegExp(`<${name}\\b[^>]*>`, 'gi'))].map(([each]) => each);
  const pairs = (tags: readonly string[]) =>
    tags.flatMap((each) => {
      const name = attribute(each, 'name');
      return name === undefined ? [] : [[name, attribute(each, 'value') ?? ''] as const];
    });
  const isButton = (each: string) => attribute(each, 'type') === 'submit';
  return {
    method: attribute(tag, 'method') ?? 'GET',
    action: attribute(tag, 'action') ?? '',
    fields: Object.fromEntries([
      ...pairs(all('input').filter((each) => !isButton(each))),
      ...pairs(all('textarea')),
    ]),
    buttons: pairs([...all('button'), ...all('input').filter(isButton)]),
  };
}

function attribute(tag: string, name: string): string | undefined {
  const value = new RegExp(`\\s${name}="([^"]*)"`, 'i').exec(tag)?.[1];
  return value === undefined ? undefined : unescaped(value);
}

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescaped(text: string): string {
  return text.replace(/&(?:#(\d+)|#x([0-9a-f]+)|([a-z]+));/gi, (whole, decimal, hex, name) => {
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
    return named[name] ?? whole;
  });
}
