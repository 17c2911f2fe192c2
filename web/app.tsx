import { session } from './api/client.ts';
import { Frame } from './frame.tsx';
import { Audit } from './pages/audit.tsx';
import { Calendar } from './pages/calendar.tsx';
import { Compare } from './pages/compare.tsx';
import { Config } from './pages/config.tsx';
import { Delivery } from './pages/delivery.tsx';
import { Drift } from './pages/drift.tsx';
import { OneEnvironment } from './pages/environment.tsx';
import { Environments } from './pages/environments.tsx';
import { Flow } from './pages/flow.tsx';
import { NotFound } from './pages/not-found.tsx';
import { Promotion } from './pages/promotion.tsx';
import { Promotions } from './pages/promotions.tsx';
import { Rollback } from './pages/rollback.tsx';
import { Settings } from './pages/settings.tsx';
import { SignIn } from './pages/sign-in.tsx';
import { Subject } from './pages/subject.tsx';
import { Loading } from './parts/notes.tsx';
import { Sprite } from './parts/sprite.tsx';
import { partsOf, path } from './router.ts';

/** Everything that the browser shows. */
export const App = () => (
  <>
    <Sprite />
    {session.value === null ? (
      <SignIn />
    ) : (
      <Frame>{session.value === undefined ? <Loading /> : <Page />}</Frame>
    )}
  </>
);

const Page = () => {
  const [first, second, third, ...rest] = partsOf(path.value);
  if (rest.length > 0) return <NotFound />;
  switch (first) {
    case undefined:
      return <Flow />;
    case 'promotions':
      if (second === undefined) return <Promotions />;
      if (third === 'rollback') return <Rollback key={second} id={second} />;
      return third === undefined ? <Promotion key={second} id={second} /> : <NotFound />;
    case 'compare':
      return <Compare from={second} to={third} />;
    case 'config':
      return third === undefined ? <Config env={second} /> : <NotFound />;
    case 'subjects':
      return second === undefined || third === undefined ? (
        <NotFound />
      ) : (
        <Subject key={third} kind={second} name={third} />
      );
    case 'delivery':
      return third === undefined ? <Delivery env={second} /> : <NotFound />;
    case 'drift':
      return second === undefined ? <Drift /> : <NotFound />;
    case 'environments':
      if (second === undefined) return <Environments />;
      return third === undefined ? <OneEnvironment key={second} name={second} /> : <NotFound />;
    case 'calendar':
      return second === undefined ? <Calendar /> : <NotFound />;
    case 'settings':
      return second === undefined || third !== undefined ? (
        <NotFound />
      ) : (
        <Settings key={second} part={second} />
      );
    case 'audit':
      return second === undefined ? <Audit /> : <NotFound />;
    default:
      return <NotFound />;
  }
};
