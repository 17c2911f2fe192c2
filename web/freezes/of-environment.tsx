import { listFreezes } from '../../functions/contract/freezes.ts';
import { ask } from '../api/client.ts';
import { useData } from '../api/data.ts';
import { Moment } from '../parts/time.tsx';
import { FreezeListing } from './listing.tsx';

/** The freezes that concern an environment, and how it stands now. */
export const Freezes = ({ environment }: { readonly environment: string }) => {
  const found = useData(`freezes ${environment}`, (signal) =>
    ask(listFreezes, { at: { scope: environment }, signal }),
  );
  const { frozen = false, next_open = null, next_close = null } = found.value ?? {};
  const until = frozen ? next_open : next_close;
  const says =
    found.value === undefined ? undefined : (
      <>
        {frozen ? 'Frozen now' : 'Open'}
        {until === null ? undefined : (
          <>
            {frozen ? ', until ' : ' until '}
            <Moment at={until} />
          </>
        )}
      </>
    );
  return <FreezeListing data={{ ...found, value: found.value?.items }} says={says} scopes={[environment]} />;
};
