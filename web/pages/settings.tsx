import type { FunctionComponent } from 'preact';
import { useEffect } from 'preact/hooks';
import { Artifacts } from '../settings/artifacts.tsx';
import { Channels } from '../settings/channels.tsx';
import { People } from '../settings/people.tsx';
import { Registries } from '../settings/registries.tsx';
import { Rules } from '../settings/rules.tsx';
import { SettingsTabs } from '../settings/tabs.tsx';
import { WaitingChanges } from '../settings/waiting-changes.tsx';
import { NotFound } from './not-found.tsx';

const PARTS: {
  readonly [part: string]: {
    readonly title: string;
    readonly says: string;
    readonly Part: FunctionComponent;
  };
} = {
  rules: { title: 'Rules and policies', says: 'What has to be true before something moves.', Part: Rules },
  waiting: {
    title: 'Waiting changes',
    says: 'What asks for less, until a second admin confirms it.',
    Part: WaitingChanges,
  },
  people: { title: 'People and machines', says: 'Who may do what, and who answers for it.', Part: People },
  channels: { title: 'Channels', says: 'Who is told, and whether it arrived.', Part: Channels },
  registries: { title: 'Registries', says: 'Where artifacts are kept.', Part: Registries },
  artifacts: { title: 'Artifacts', says: 'What was published, and where it runs.', Part: Artifacts },
};

/** One part of what is set up for a tenant. */
export const Settings = ({ part }: { readonly part: string }) => {
  // The address names it: what every object has is no part.
  const found = Object.hasOwn(PARTS, part) ? PARTS[part] : undefined;
  useEffect(() => {
    document.title = `${found?.title ?? 'Settings'} · Sluice`;
  }, [found]);
  if (found === undefined) return <NotFound />;
  const { title, says, Part } = found;
  return (
    <>
      <div class="head">
        <div>
          <h1>{title}</h1>
          <p class="lead">{says}</p>
        </div>
      </div>
      <SettingsTabs here={`/web/settings/${part}`} />
      <Part />
    </>
  );
};
