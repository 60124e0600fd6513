import { lazy, Suspense, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Route, Routes, useNavigate } from 'react-router';
import { useInfo } from '../../state/info.ts';
import { Button, DefinitionList, Page, PageHeader } from '../../ui/index.ts';
import { usePalette } from '../palette/store.ts';
import { WipeButton } from '../wipe/WipeButton.tsx';
import { RecoveryKey } from '../recovery/RecoveryKey.tsx';
import { LanguageAndTheme } from './LanguageAndTheme.tsx';
import { LockAndOffline } from './LockAndOffline.tsx';
import { Profiles } from './Profiles.tsx';
import styles from './settings.module.css';
import { addTexts } from '../../i18n/index.ts';

addTexts(import.meta.glob<Record<string, string>>('../../../resources/locales/*/{settings,login-test}.json', { eager: true, import: 'default' }));

const SetupScreen = lazy(() => import('../setup/index.tsx'));

/** Settings of this installation. */
export default function SettingsScreen(): ReactNode {
  return (
    <Routes>
      <Route path="new-profile" element={<NewProfile />} />
      <Route path="*" element={<Sections />} />
    </Routes>
  );
}

function Sections(): ReactNode {
  const { t } = useTranslation('settings');
  const { t: recovery } = useTranslation('lock');
  const info = useInfo((store) => store.info);
  const open = usePalette((palette) => palette.open);
  return (
    <Page header={<PageHeader title={t('title')} />}>
      <div className={styles.sections}>
        <section className={styles.section} aria-labelledby="settings-look"><h2 id="settings-look">{t('look.title')}</h2><LanguageAndTheme /></section>
        <section className={styles.section} aria-labelledby="settings-profiles"><h2 id="settings-profiles">{t('profiles.title')}</h2><Profiles /></section>
        <section className={styles.section} aria-labelledby="settings-policy"><h2 id="settings-policy">{t('policy.title')}</h2><LockAndOffline /></section>
        <section className={styles.section} aria-labelledby="settings-recovery"><h2 id="settings-recovery">{recovery('key.title')}</h2><RecoveryKey /></section>
        <section className={styles.section} aria-labelledby="settings-wipe"><h2 id="settings-wipe">{t('wipe:section')}</h2><div><p className={styles.muted}>{t('wipe:sectionHint')}</p><WipeButton /></div></section>
        <section className={styles.section} aria-labelledby="settings-keys">
          <h2 id="settings-keys">{t('keys.title')}</h2>
          <div><p className={styles.muted}>{t('keys.hint')}</p><Button icon="keyboard" shortcut="F1" onPress={() => open('shortcuts')}>{t('keys.show')}</Button></div>
        </section>
        <section className={styles.section} aria-labelledby="settings-about">
          <h2 id="settings-about">{t('about.title')}</h2>
          <DefinitionList items={[
            { label: t('about.version'), value: info?.version ?? '–' }, { label: 'Electron', value: info?.electron ?? '–' },
            { label: t('about.platform'), value: info === null ? '–' : t(`platform.${info.platform}`) },
          ]} />
        </section>
      </div>
    </Page>
  );
}

function NewProfile(): ReactNode {
  const { t } = useTranslation('settings');
  const navigate = useNavigate();
  const back = (): void => void navigate('/settings');
  return (
    <Page header={<PageHeader title={t('profiles.add')} actions={<Button icon="close" onPress={back}>{t('profiles.cancelAdd')}</Button>} />}>
      <div className={styles.narrow}><Suspense><SetupScreen onDone={back} /></Suspense></div>
    </Page>
  );
}
