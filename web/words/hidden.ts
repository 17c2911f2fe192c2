import { LOOKS_SECRET, valueLooksSecret } from '../../functions/domain/config-tree/looks-secret.ts';

/** The values of one key as a page shows them: where one looks like a secret, none is shown. */
export function shown(key: string, ...values: readonly unknown[]): readonly unknown[] {
  const hide = values.some((value) => valueLooksSecret(key, value));
  return hide ? values.map((value) => (value === undefined ? value : LOOKS_SECRET)) : values;
}
