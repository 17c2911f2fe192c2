import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Threads } from '../../local/lambda/threads.ts';

const source = `
let calls = 0;
export const handler = async (event, context) => {
  calls += 1;
  switch (event.do) {
    case 'count': return calls;
    case 'sleep': await new Promise((resolve) => setTimeout(resolve, event.ms)); return calls;
    case 'now': return { now: Date.now(), date: new Date().getTime(), text: Date(), fixed: new Date(5).getTime(), is: new Date() instanceof Date };
    case 'context': return { id: context.awsRequestId, name: context.functionName, left: context.getRemainingTimeInMillis(), memory: context.memoryLimitInMB };
    case 'environment': return process.env;
    case 'log': console.log('printed ' + event.text); return null;
    case 'throw': throw Object.assign(new Error('message'), { name: 'Named' });
    case 'throw-text': throw 'text';
    case 'exit': process.exit(3);
    case 'uncaught': setTimeout(() => { throw new Error('later'); }, 0); return new Promise(() => {});
    case 'block': for (;;);
    case 'memory': { const kept = []; for (;;) kept.push(new Array(1e6).fill(Math.random())); }
    case 'large': return 'x'.repeat(7 * 1024 * 1024);
    case 'undefined': return undefined;
    case 'json': return { date: new Date(0), dropped: undefined };
  }
};
`;

/** Milliseconds: more than an invocation takes on any machine. */
const TIMEOUT = 300_000;

describe('a function’s pool', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'sluice-pool-'));
    await writeFile(join(directory, 'index.mjs'), source);
    await writeFile(join(directory, 'broken.mjs'), 'import "./absent.mjs";');
  });
  afterAll(() => rm(directory, { recursive: true, force: true, maxRetries: 20 }));

  function pool({
    concurrency = 2,
    queue = 10,
    idleMs = 60_000,
    patienceMs = 0,
    file = 'index.mjs',
    timeoutMs = TIMEOUT,
    clock,
  }: {
    concurrency?: number;
    queue?: number;
    idleMs?: number;
    patienceMs?: number;
    file?: string;
    timeoutMs?: number;
    clock?: SharedArrayBuffer;
  } = {}) {
    const log = createWriteStream(join(directory, 'log'), { flags: 'a' });
    const definition = {
      name: 'f',
      arn: 'arn:f',
      file: join(directory, file),
      exportName: 'handler',
      timeoutMs,
      memoryMb: 64,
      environment: {},
      isSeed: false,
    };
    const of = {
      definition,
      options: { environment: { ONLY: 'this' }, log, ...(clock === undefined ? {} : { clock }) },
    };
    const threads = new Threads({ concurrency, queue, idleMs, most: 10, kept: 1, patienceMs, stallMs: 250 });
    return {
      invoke: (event: unknown) => threads.invoke(of, event),
      stop: () => threads.stop(),
      get size() {
        return threads.size;
      },
    };
  }

  it('keeps a warm environment, which handles one invocation at a time', async () => {
    const one = pool({ concurrency: 1 });
    expect(await one.invoke({ do: 'count' })).toEqual({ ok: true, payload: 1 });
    const results = await Promise.all([
      one.invoke({ do: 'sleep', ms: 100 }),
      one.invoke({ do: 'count' }),
      one.invoke({ do: 'count' }),
    ]);
    expect(results.map((result) => result.ok && result.payload)).toEqual([2, 3, 4]);
    expect(one.size).toBe(1);
    await one.stop();
  });

  it('starts more environments on concurrency up to its cap, and ends the idle ones', async () => {
    const some = pool({ concurrency: 3, idleMs: 50 });
    const all = Promise.all(Array.from({ length: 6 }, () => some.invoke({ do: 'sleep', ms: 50 })));
    expect(some.size).toBe(3);
    expect((await all).every(({ ok }) => ok)).toBe(true);
    await vi.waitFor(() => expect(some.size).toBe(1), TIMEOUT);
    expect(await some.invoke({ do: 'count' })).toMatchObject({ ok: true });
    await some.stop();
  });

  it('waits for a busy environment rather than loading another at once', async () => {
    const patient = pool({ concurrency: 3, patienceMs: TIMEOUT });
    const results = await Promise.all(Array.from({ length: 6 }, () => patient.invoke({ do: 'count' })));
    expect(results.map((result) => result.ok && result.payload)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(patient.size).toBe(1);
    await patient.stop();
  });

  describe('shared with other functions', () => {
    const limits = { concurrency: 2, queue: 10, most: 2, kept: 1, idleMs: 60_000 };
    let log: ReturnType<typeof createWriteStream>;
    beforeAll(() => {
      log = createWriteStream(join(directory, 'log'), { flags: 'a' });
    });
    const named = (name: string) => ({
      definition: {
        name,
        arn: name,
        file: join(directory, 'index.mjs'),
        exportName: 'handler',
        timeoutMs: TIMEOUT,
        memoryMb: 64,
        environment: {},
        isSeed: false,
      },
      options: { environment: { NAME: name }, log },
    });
    const count = (threads: Threads, of: ReturnType<typeof named>) => threads.invoke(of, { do: 'count' });

    it('ends the environment idle longest for a function that has none', async () => {
      const [a, b, c] = [named('a'), named('b'), named('c')];
      const threads = new Threads({ ...limits, patienceMs: 60_000, stallMs: 60_000 });
      for (const one of [a, b, c]) {
        expect(await threads.invoke(one, { do: 'environment' })).toMatchObject({
          payload: { NAME: one.definition.name },
        });
      }
      expect(threads.size).toBe(2);
      // `b` and `c` are left: `b` counts on, `a` begins anew.
      expect(await count(threads, b)).toMatchObject({ payload: 2 });
      expect(await count(threads, a)).toMatchObject({ payload: 1 });
      await threads.stop();
    });

    it('ends none that was just at work for a further one of a busy function', async () => {
      const [a, b] = [named('a'), named('b')];
      const threads = new Threads({ ...limits, patienceMs: 200, stallMs: 60_000 });
      await Promise.all([count(threads, a), count(threads, b)]);
      const sleeping = threads.invoke(a, { do: 'sleep', ms: 1000 });
      const further = count(threads, a);
      let asleep = true;
      void sleeping.then(() => {
        asleep = false;
      });
      for (let calls = 2; asleep; calls += 1) {
        // Were `b` loaded anew, it would begin to count from one.
        expect(await count(threads, b)).toMatchObject({ payload: calls });
      }
      expect(await sleeping).toMatchObject({ ok: true });
      expect(await further).toMatchObject({ ok: true });
      await threads.stop();
    });

    it('ends one for a function whose only environment does not answer', async () => {
      const [a, b] = [named('a'), named('b')];
      const threads = new Threads({ ...limits, patienceMs: 20, stallMs: 50 });
      await Promise.all([count(threads, a), count(threads, b)]);
      const endless = threads.invoke(a, { do: 'sleep', ms: TIMEOUT });
      const further = count(threads, a);
      let waits = true;
      void further.then(() => {
        waits = false;
      });
      while (waits) await count(threads, b);
      expect(await further).toMatchObject({ payload: 1 });
      await threads.stop();
      expect(await endless).toMatchObject({ ok: false });
    });

    it('starts one more when all stand still: they may wait for it', async () => {
      const [a, b, c] = [named('a'), named('b'), named('c')];
      const threads = new Threads({ ...limits, patienceMs: 60_000, stallMs: 50 });
      const waiting = [a, b].map((of) => threads.invoke(of, { do: 'sleep', ms: TIMEOUT }));
      expect(await count(threads, c)).toMatchObject({ ok: true });
      expect(threads.size).toBe(2);
      await threads.stop();
      for (const result of await Promise.all(waiting)) expect(result).toMatchObject({ ok: false });
    });
  });

  it('throttles when too many wait', async () => {
    const small = pool({ concurrency: 1, queue: 2 });
    const results = await Promise.all(Array.from({ length: 5 }, () => small.invoke({ do: 'sleep', ms: 20 })));
    const throttled = results.filter(
      (result) => !result.ok && result.error.errorType === 'TooManyRequestsException',
    );
    expect(throttled).toHaveLength(2);
    await small.stop();
  });

  it('reports errors as Lambda does, and goes on', async () => {
    const one = pool();
    expect(await one.invoke({ do: 'throw' })).toMatchObject({
      ok: false,
      error: {
        errorType: 'Named',
        errorMessage: 'message',
        trace: expect.arrayContaining(['Named: message']),
      },
    });
    expect(await one.invoke({ do: 'throw-text' })).toEqual({
      ok: false,
      error: { errorType: 'string', errorMessage: 'text' },
    });
    expect(await one.invoke({ do: 'count' })).toEqual({ ok: true, payload: 3 });
    expect(await one.invoke({ do: 'large' })).toMatchObject({
      error: { errorType: 'Function.ResponseSizeTooLarge' },
    });
    await one.stop();
  });

  it.each([
    ['exit', 'Runtime.ExitError', TIMEOUT],
    ['uncaught', 'Runtime.ExitError', TIMEOUT],
    ['memory', 'Runtime.ExitError', TIMEOUT],
    ['block', 'Sandbox.Timedout', 1500],
  ])('replaces an environment after %s', async (what, errorType, timeoutMs) => {
    const one = pool({ concurrency: 1, timeoutMs });
    const [failed, next] = await Promise.all([one.invoke({ do: what }), one.invoke({ do: 'count' })]);
    expect(failed).toMatchObject({ ok: false, error: { errorType } });
    expect(next).toEqual({ ok: true, payload: 1 });
    await one.stop();
  });

  it('reports a module that does not load, every time', async () => {
    const broken = pool({ file: 'broken.mjs' });
    for (let attempt = 0; attempt < 2; attempt += 1) {
      expect(await broken.invoke({})).toMatchObject({
        ok: false,
        error: { errorMessage: expect.stringContaining('absent') },
      });
    }
    await broken.stop();
  });

  it('gives the handler a context, JSON, and no more environment than it is told', async () => {
    const one = pool();
    const context = await one.invoke({ do: 'context' });
    expect(context).toMatchObject({ ok: true, payload: { name: 'f', memory: '64' } });
    const left = context.ok && JSON.parse(JSON.stringify(context.payload)).left;
    expect(left).toBeLessThanOrEqual(TIMEOUT);
    expect(left).toBeGreaterThan(TIMEOUT - 120_000);
    expect(await one.invoke({ do: 'environment' })).toEqual({ ok: true, payload: { ONLY: 'this' } });
    expect(await one.invoke({ do: 'json' })).toEqual({
      ok: true,
      payload: { date: '1970-01-01T00:00:00.000Z' },
    });
    expect(await one.invoke({ do: 'undefined' })).toEqual({ ok: true, payload: null });
    await one.invoke({ do: 'log', text: 'a line' });
    await one.stop();
    expect(await readFile(join(directory, 'log'), 'utf8')).toContain('printed a line');
  });

  it('shifts the clock of every environment at once', async () => {
    const clock = new SharedArrayBuffer(8);
    const ahead = new Float64Array(clock);
    const one = pool({ clock });
    const read = async () => {
      const result = await one.invoke({ do: 'now' });
      if (!result.ok) throw new Error(result.error.errorMessage);
      const time: ReturnType<typeof JSON.parse> = result.payload;
      return time;
    };
    /** What the function saw lies between before and after it was asked; a text has whole seconds. */
    const readAt = async (shift: number) => {
      const before = Date.now() + shift;
      const time = await read();
      for (const seen of [time.now, time.date, Date.parse(time.text) + 999]) {
        expect(seen).toBeGreaterThanOrEqual(before);
        expect(seen).toBeLessThanOrEqual(Date.now() + shift + 999);
      }
      return time;
    };
    await readAt(0);
    const day = 24 * 3600 * 1000;
    ahead[0] = day;
    const time = await readAt(day);
    expect(time).toMatchObject({ fixed: 5, is: true });
    await one.stop();
  });
});
