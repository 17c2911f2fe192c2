import { Tabs } from '../parts/tabs.tsx';

/** What went live, and whether it still is what runs. */
export const DeliveryTabs = ({ here }: { readonly here: string }) => (
  <Tabs
    name="Delivery"
    here={here}
    tabs={[
      ['/web/delivery', 'Deployments'],
      ['/web/drift', 'Drift'],
    ]}
  />
);
