import { type Shortage, shortageInWords } from '../../domain/promotion/shortage.ts';

/** What nobody can give, as the API shows it. */
export const missingApproversView = ({ group, required, available }: Shortage, where = '') => ({
  group: group ?? null,
  required,
  available,
  detail: `${where}${shortageInWords({ ...(group === undefined ? {} : { group }), required, available })}`,
});
