import { expect, it } from 'vitest';
import * as z from 'zod';
import { ENDPOINTS } from '../../functions/contract/all.ts';
import { digestOfBytes } from '../../functions/domain/digest.ts';
import { canonicalJson } from '../../functions/domain/jcs.ts';
import { FORM } from '../../functions/handlers/http/etag.ts';

/** The digest of the schemas of what caches keep, in each form. Where it differs, raise `FORM` and write the new one here. */
const FORMS: { readonly [form: number]: string } = {
  2: 'sha256:6776383f06e54817a98a0744ea1e251bb8b5cb2e955d5bca67a4c6d645ed3d23',
};

it('a cache that holds an answer in an older form is never told that nothing changed', () => {
  const kept = ['getConfig', 'getFlag', 'getConfigSnapshot', 'getOverview', 'evaluateFlags'];
  const schemas = kept.map((name) => {
    const response = ENDPOINTS.find(({ operation }) => operation === name)?.response;
    if (response === undefined) throw new Error(`${name} answers nothing`);
    // Words for readers are no part of the form.
    return z.toJSONSchema(response, { override: ({ jsonSchema }) => void delete jsonSchema.description });
  });
  expect(digestOfBytes(canonicalJson(schemas))).toBe(FORMS[FORM]);
});
