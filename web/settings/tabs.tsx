/** What is set up for a tenant, beside each other. */
const TABS = [
  ['/web/environments', 'Environments'],
  ['/web/calendar', 'Freezes'],
  ['/web/settings/rules', 'Rules and policies'],
  ['/web/settings/people', 'People and machines'],
  ['/web/settings/channels', 'Channels'],
  ['/web/settings/registries', 'Registries'],
  ['/web/settings/artifacts', 'Artifacts'],
] as const;

export const SettingsTabs = ({ here }: { readonly here: string }) => (
  <nav class="tabs" aria-label="Settings">
    {TABS.map(([to, name]) => (
      <a key={to} href={to} aria-current={to === here ? 'page' : undefined}>
        {name}
      </a>
    ))}
  </nav>
);
