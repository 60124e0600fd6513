import { lazy, Suspense, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useActiveProfile } from '../state/profiles.ts';
import { LanguageAndTheme } from '../features/settings/LanguageAndTheme.tsx';
import { EnvironmentTag, EnvironmentStrip } from './Environment.tsx';
import { useNotices } from '../state/notices.ts';
import { Button, ErrorPanel } from '../ui/index.ts';
import { LogoMark } from './LogoMark.tsx';
import styles from './plain.module.css';

const DiagnoseDialog = lazy(() => import('../features/diagnostics/DiagnoseDialog.tsx'));

/** What went wrong before anybody could sign in, such as a profile file that cannot be used. */
function EarlyNotices(): ReactNode {
  const list = useNotices((notices) => notices.list);
  return list.map(({ id, error }) => <ErrorPanel key={id} error={error} isInline />);
}

/** The frame around what is not work: name and environment on top, with language and theme, one thing in the middle. */
export function Plain({ isLocked = false, children }: { /** Nothing but the lock may be read. */ isLocked?: boolean; children: ReactNode }): ReactNode {
  const { t } = useTranslation('shell');
  const environment = useActiveProfile()?.environment ?? 'production';
  const [isDiagnosing, setDiagnosing] = useState(false);
  return (
    <div className={styles.plain}>
      <EnvironmentStrip environment={environment} />
      <header className={styles.head}><LogoMark /><span className={styles.name}>VALEO NeuroERP Admin</span><EnvironmentTag environment={environment} /><span className={styles.look}>{!isLocked && <Button variant="quiet" icon="diagnostics" onPress={() => setDiagnosing(true)} data-testid="diagnose-open">{t('area.diagnostics')}</Button>}<LanguageAndTheme isInline /></span></header>
      <main className={styles.main}><div className={styles.column}>{!isLocked && <EarlyNotices />}<div className={styles.card}>{children}</div></div></main>
      {isDiagnosing && !isLocked && <Suspense><DiagnoseDialog onClose={() => setDiagnosing(false)} /></Suspense>}
    </div>
  );
}
