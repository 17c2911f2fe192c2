import { json } from './sample.ts';

export const log = (run: object) =>
  json({ version: '2.1.0', runs: [{ tool: { driver: { name: 'CodeScanner' } }, ...run }] });
export const driver = (rules: readonly object[], more: object = {}) => ({
  tool: { driver: { name: 'CodeScanner', rules }, ...more },
});
export const message = { text: 'found' };
export const error = { id: 'CA2101', defaultConfiguration: { level: 'error' } };
export const note = { id: 'CA2101', defaultConfiguration: { level: 'note' } };
export const scored = (score: unknown, level = 'note') => ({
  id: 'py/sqli',
  defaultConfiguration: { level },
  properties: { tags: ['security'], 'security-severity': score },
});
export const of = (ruleId: string, more: object = {}) => ({ ruleId, message, ...more });
