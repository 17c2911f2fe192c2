/** Pages beside each other. */
export const Tabs = ({
  name,
  here,
  tabs,
}: {
  readonly name: string;
  readonly here: string;
  readonly tabs: readonly (readonly [to: string, name: string])[];
}) => (
  <nav class="tabs" aria-label={name}>
    {tabs.map(([to, title]) => (
      <a key={to} href={to} aria-current={to === here ? 'page' : undefined}>
        {title}
      </a>
    ))}
  </nav>
);
