import { afterEach, expect, it, vi } from 'vitest';
import { openLog } from '../../functions/handlers/lambda.ts';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

it('writes structured lines: the keys of this invocation only, errors with stack and cause', () => {
  // Outside Lambda the logger writes through the global console only when told that it is being developed with.
  vi.stubEnv('POWERTOOLS_DEV', 'true');
  vi.stubEnv('POWERTOOLS_SERVICE_NAME', 'promotions');
  const lines: { readonly [name: string]: unknown }[] = [];
  const take = (line: string) => void lines.push(JSON.parse(line));
  for (const level of ['info', 'warn', 'error'] as const) vi.spyOn(console, level).mockImplementation(take);
  const log = openLog();
  log.about({ request_id: 'r-1', tenant: 'acme' });
  log.info('refused', { code: 'locked' });
  log.about({ request_id: 'r-2' });
  log.error('internal', new Error('broken', { cause: new Error('deeper') }));
  log.error('internal', 'not even an error');
  expect(lines).toMatchObject([
    {
      level: 'INFO',
      message: 'refused',
      service: 'promotions',
      request_id: 'r-1',
      tenant: 'acme',
      code: 'locked',
    },
    {
      level: 'ERROR',
      request_id: 'r-2',
      error: { message: 'broken', stack: expect.anything(), cause: { message: 'deeper' } },
    },
    { level: 'ERROR', error: { message: 'not even an error' } },
  ]);
  expect(lines[1]).not.toHaveProperty('tenant');
});
