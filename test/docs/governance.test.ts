import { expect, it } from 'vitest';
import { governancePage } from './governance-page.ts';

it('the page of classes is the one that the tables make', async () => {
  await expect(governancePage()).toMatchFileSnapshot('../../docs/governance.md');
});
