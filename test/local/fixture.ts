import { fileURLToPath } from 'node:url';
import { until } from '../support/api.ts';
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

/** Repeats a look until it answers something. */
export async function eventually<T>(look: () => Promise<T | undefined | null | false>): Promise<T> {
  const found = await until(look, (seen) => seen !== undefined && seen !== null && seen !== false);
  if (found === undefined || found === null || found === false) throw new Error('nothing was found');
  return found;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
