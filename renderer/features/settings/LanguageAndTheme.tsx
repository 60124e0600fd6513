import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '../../bridge/queries.ts';
import { useSettings } from '../../state/settings.ts';
import { ErrorPanel, Select } from '../../ui/index.ts';
import styles from './settings.module.css';

/** Language and theme; both take effect at once. */
export function LanguageAndTheme({ isInline = false }: { /** Labels beside the fields, for a bar. */ isInline?: boolean }): ReactNode {
  // Also shown before anybody is signed in, where the texts of the settings are not there yet.
  const { t } = useTranslation('shell');
  const settings = useSettings((store) => store.settings);
  const write = useAction('settings.write');
  const change = (part: Partial<typeof settings>): void => void write.run(part).then((next) => next !== null && useSettings.setState({ settings: next }));
  return (
    <div className={isInline ? styles.inline : styles.pair}>
      <Select label={t('language.label')} value={settings.language} onChange={(language) => change({ language })} options={[
        { value: 'system', label: t('language.system') }, { value: 'de', label: 'Deutsch' }, { value: 'en', label: 'English' },
      ]} />
      <Select label={t('theme.label')} value={settings.theme} onChange={(theme) => change({ theme })} options={[
        { value: 'system', label: t('theme.system') }, { value: 'light', label: t('theme.light') }, { value: 'dark', label: t('theme.dark') },
      ]} />
      {write.error !== null && <ErrorPanel error={write.error} isInline />}
    </div>
  );
}
