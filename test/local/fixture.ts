import { fileURLToPath } from 'node:url';
import { type Environment, type Runtime, type RuntimeOptions, startRuntime } from '../support/runtime.ts';

/** A small stack that touches every service of the runtime. */
export const fixtureAssembly = fileURLToPath(new URL('./fixtures/assembly', import.meta.url));

/** An answer of the fixture's API. */
export interface ApiAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: ReturnType<typeof JSON.parse>;
}

/** A runtime of the fixture stack, and calls of its actions as dev@acme.com. */
export interface Fixture extends Runtime {
  act(action: string, body?: unknown): Promise<ApiAnswer>;
  /** The execution of this name once it is closed. */
  closed(name: string): Promise<ApiAnswer['body']>;
}

export async function startFixture(
  environment: Environment = {},
  options: RuntimeOptions = {},
): Promise<Fixture> {
  const runtime = await startRuntime(environment, { assemblyDir: fixtureAssembly, ...options });
  const token = await runtime.token('dev@acme.com');
  return {
    ...runtime,
    closed: (name) => eventually(() => closedExecution(runtime.url, name)),
    async act(action, body) {
      const answer = await fetch(`${runtime.url}/api/${action}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      return { status: answer.status, headers: answer.headers, body: parse(text) };
    },
  };
}

async function closedExecution(url: string, name: string): Promise<ApiAnswer['body']> {
  const answer = await fetch(`${url}/_local/executions`);
  const { items }: ApiAnswer['body'] = await answer.json();
  return items.find((item: ApiAnswer['body']) => item.name === name && item.status !== 'RUNNING');
}

/** Repeats a look until it answers something, for at most two minutes. */
export async function eventually<T>(look: () => Promise<T | undefined | null | false>): Promise<T> {
  for (let attempt = 0; attempt < 2_400; attempt += 1) {
    const found = await look();
    if (found !== undefined && found !== null && found !== false) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('It did not happen within two minutes.');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
