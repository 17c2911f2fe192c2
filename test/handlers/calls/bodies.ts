export const rule = { name: 'r', source_environment: 'development', target_environment: 'staging' };
export const freeze = { reason: 'r', starts_at: '2027-01-01T00:00:00Z', ends_at: '2027-01-02T00:00:00Z' };
export const policy = { name: 'p', environments: ['development'] };
export const passedTests = { gate: 'tests', format: 'json', document: { passed: true } };
export const ABSENT = `sha256:${'0'.repeat(64)}`;
export const channel = {
  name: 'c',
  type: 'webhook',
  url: 'https://hooks.acme.com/sluice',
  secret_ref: 'sluice/acme/webhook/hook',
};
export const reason = { reason: 'because' };
