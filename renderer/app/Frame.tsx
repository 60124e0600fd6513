import { lazy, Suspense, type ReactNode } from 'react';
import { Navigate, Route, Routes } from 'react-router';
import { useActiveProfile } from '../state/profiles.ts';
import { PaletteHost } from '../features/palette/PaletteHost.tsx';
import { Banners } from './Banners.tsx';
import { EnvironmentStrip } from './Environment.tsx';
import { ErrorBoundary } from './ErrorBoundary.tsx';
import { useVisit } from './last-visit.ts';
import { Rail } from './Rail.tsx';
import { RenewSignIn } from './RenewSignIn.tsx';
import { componentOf, screenNames } from './screens.ts';
import { TitleBar } from './TitleBar.tsx';
import { useFrameCommands } from './useFrameCommands.ts';
import { useShortcuts } from './useShortcuts.ts';
import { useSecurityReason } from './useWaiting.ts';
import styles from './frame.module.css';

/** Behind the first paint: nobody is reminded in the first frame. */
const IncidentWatch = lazy(() => import('../features/security/incidents/Watch.tsx'));

/** The frame around every screen: title bar, rail, banners, and the screen of the route. */
export function Frame(): ReactNode {
  const environment = useActiveProfile()?.environment ?? 'production';
  useFrameCommands();
  useVisit();
  useShortcuts();
  const watches = useSecurityReason() === null;
  return (
    <div className={styles.frame}>
      <EnvironmentStrip environment={environment} />
      <TitleBar environment={environment} />
      <Banners />
      <div className={styles.middle}>
        <Rail />
        <main className={styles.main}>
          <Routes>
            {screenNames.map((name) => {
              const Screen = componentOf(name);
              return <Route key={name} path={`/${name}/*`} element={<ErrorBoundary key={name}><Suspense><Screen /></Suspense></ErrorBoundary>} />;
            })}
            <Route path="*" element={<Navigate to="/overview" replace />} />
          </Routes>
        </main>
      </div>
      <PaletteHost />
      <RenewSignIn />
      {watches && <Suspense><IncidentWatch /></Suspense>}
    </div>
  );
}
