import { lazy, Suspense, type ReactNode } from 'react';
import { Navigate, Route, Routes } from 'react-router';
import { useActiveProfile } from '../state/profiles.ts';
import { PaletteHost } from '../features/palette/PaletteHost.tsx';
import { Banners } from './Banners.tsx';
import { EnvironmentStrip } from './Environment.tsx';
import { ErrorBoundary } from './ErrorBoundary.tsx';
import { Rail } from './Rail.tsx';
import { RenewSignIn } from './RenewSignIn.tsx';
import { TitleBar } from './TitleBar.tsx';
import { useFrameCommands } from './useFrameCommands.ts';
import { useShortcuts } from './useShortcuts.ts';
import styles from './frame.module.css';

const Overview = lazy(() => import('../features/overview/index.tsx'));
const Documents = lazy(() => import('../features/documents/index.tsx'));
const Approvals = lazy(() => import('../features/approvals/index.tsx'));
const Settings = lazy(() => import('../features/settings/index.tsx'));

const screens = [
  { path: '/overview/*', element: <Overview /> },
  { path: '/documents/*', element: <Documents /> },
  { path: '/approvals/*', element: <Approvals /> },
  { path: '/settings/*', element: <Settings /> },
];

/** The frame around every screen: title bar, rail, banners, and the screen of the route. */
export function Frame(): ReactNode {
  const environment = useActiveProfile()?.environment ?? 'production';
  useFrameCommands();
  useShortcuts();
  return (
    <div className={styles.frame}>
      <EnvironmentStrip environment={environment} />
      <TitleBar environment={environment} />
      <Banners />
      <div className={styles.middle}>
        <Rail />
        <main className={styles.main}>
          <Routes>
            {screens.map(({ path, element }) => (
              <Route key={path} path={path} element={<ErrorBoundary key={path}><Suspense>{element}</Suspense></ErrorBoundary>} />
            ))}
            <Route path="*" element={<Navigate to="/overview" replace />} />
          </Routes>
        </main>
      </div>
      <PaletteHost />
      <RenewSignIn />
    </div>
  );
}
