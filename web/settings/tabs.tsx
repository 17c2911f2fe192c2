import { Tabs } from '../parts/tabs.tsx';

/** What is set up for a tenant, beside each other. */
export const SettingsTabs = ({ here }: { readonly here: string }) => (
  <Tabs
    name="Settings"
    here={here}
    tabs={[
      ['/web/environments', 'Environments'],
      ['/web/calendar', 'Freezes'],
      ['/web/settings/rules', 'Rules and policies'],
      ['/web/settings/waiting', 'Waiting changes'],
      ['/web/settings/people', 'People and machines'],
      ['/web/settings/channels', 'Channels'],
      ['/web/settings/registries', 'Registries'],
      ['/web/settings/artifacts', 'Artifacts'],
    ]}
  />
);
