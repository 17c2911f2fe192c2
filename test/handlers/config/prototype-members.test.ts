import { beforeAll, describe, expect, it } from 'vitest';
import { type ConfigWorld, configWorld, STAGING } from './world.ts';

let dev: ReturnType<ConfigWorld['as']>;
beforeAll(async () => {
  dev = (await configWorld()).as('dev');
});

/** As a text: an object literal would set the prototype. */
const VALUE = '{"pool":[{"size":1,"__proto__":{"size":9}}]}';
const FLAG = `{"enabled":true,"variants":{"on":${VALUE}},"defaultVariant":"on"}`;
const ENTRY = `{"kind":"config","key":"a","value":${VALUE}}`;
const lines = (...text: readonly string[]) => text.map((line) => `${line}\n`).join('');

describe('a member called __proto__, which many JSON readers drop,', () => {
  it.each([
    ['a config', 'PUT', `${STAGING}/configs/a`, `{"value":${VALUE}}`],
    ['a config that is nothing else', 'PUT', `${STAGING}/configs/a`, '{"value":{"__proto__":1}}'],
    ['an escaped spelling', 'PUT', `${STAGING}/configs/a`, '{"value":{"\\u005f_proto__":1}}'],
    ['a flag', 'PUT', `${STAGING}/flags/a`, FLAG],
    ['the name of a variant', 'PUT', `${STAGING}/flags/a`, FLAG.replace('"on":{', '"__proto__":{')],
    ['a batch', 'POST', `${STAGING}/batch`, `{"put":[${ENTRY}]}`],
    ['an import', 'POST', `${STAGING}/import`, `{"entries":[${ENTRY}]}`],
    ['a part of an import', 'POST', `${STAGING}/import/parts`, `{"entries":[${ENTRY}]}`],
    ['the body itself', 'PUT', `${STAGING}/configs/a`, '{"value":1,"__proto__":{}}'],
    ['what a flag is asked about', 'POST', '/ofrep/v1/evaluate/flags/a', '{"context":{"__proto__":1}}'],
  ])('is refused in %s', async (_, method, path, body) => {
    const answer = await dev(method, path, body, { 'x-sluice-environment': 'staging' });
    expect(answer.status).toBe(400);
    expect(JSON.stringify(answer.body)).toContain('__proto__');
    expect((await dev('GET', `${STAGING}/snapshot`)).body.entries).toEqual([]);
  });

  it.each([
    ['a list of a YAML file', { format: 'yaml', text: lines('pool:', '  - size: 1', '    __proto__: 2') }],
    ['the first level of a YAML file', { format: 'yaml', text: lines('__proto__:', '  size: 1') }],
    ['a .env file', { format: 'env', text: '__proto__=1\n' }],
  ])('is refused in %s', async (_, body) => {
    expect(await dev('POST', `${STAGING}/import`, body)).toMatchObject({ status: 400 });
    expect((await dev('GET', `${STAGING}/snapshot`)).body.entries).toEqual([]);
  });

  it('is a part of a key like any other where a file nests it, and comes out again', async () => {
    const text = lines('pool:', '  __proto__:', '    size: 1');
    expect((await dev('POST', `${STAGING}/import`, { format: 'yaml', text })).status).toBe(200);
    expect((await dev('GET', `${STAGING}/configs/pool.__proto__.size`)).body.entry.value).toBe(1);
    const exported = (await dev('GET', `${STAGING}/export?format=yaml`)).body.text;
    expect(await dev('POST', `${STAGING}/import`, { format: 'yaml', text: exported })).toMatchObject({
      status: 200,
      body: { changed: 0 },
    });
  });
});
