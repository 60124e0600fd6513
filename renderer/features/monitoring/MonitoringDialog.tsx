import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { monitoringOf } from '../../../shared/domain/monitoring.ts';
import type { ConnectionProfile } from '../../../shared/domain/profile.ts';
import { useAction } from '../../bridge/queries.ts';
import { useAdoptProfiles } from '../../state/profiles.ts';
import { Button, Dialog, ErrorPanel } from '../../ui/index.ts';
import { MonitoringFields } from './MonitoringFields.tsx';
import { useMonitoringForm } from './useMonitoringForm.ts';
import styles from './monitoring.module.css';

/** The servers beside the ERP of a profile that is there already. */
export function MonitoringDialog({ profile, isActive, onClose }: { profile: ConnectionProfile; isActive: boolean; onClose: () => void }): ReactNode {
  const { t } = useTranslation('monitoring');
  const adopt = useAdoptProfiles();
  const store = useAction('profiles.setMonitoring');
  const [value, setValue] = useState(() => monitoringOf(profile));
  const form = useMonitoringForm(value, setValue, { profileId: profile.id, erpUrl: profile.erpUrl });
  const save = async (): Promise<void> => {
    const monitoring = form.read();
    if (monitoring === null) return;
    const overview = await store.run({ id: profile.id, monitoring });
    if (overview === null) return;
    adopt(overview);
    onClose();
  };
  return (
    <Dialog isOpen isModal onClose={onClose} size="medium" title={t('dialog', { name: profile.name })} actions={<>
      <Button onPress={onClose}>{t('cancel')}</Button>
      <Button icon="refresh" isPending={form.isPending} isDisabled={form.isEmpty} onPress={() => void form.check()} data-testid="monitoring-check">{t(form.answers.length > 0 ? 'checkAgain' : 'check')}</Button>
      <Button variant="primary" isPending={store.isPending} onPress={() => void save()} data-testid="monitoring-save">{t('save')}</Button>
    </>}>
      <div className={styles.fields}>
        <p className={styles.muted}>{t('lead')}{isActive && ` ${t('dialogActive')}`}</p>
        <MonitoringFields form={form} autoFocus onEnter={() => void form.check()} />
        {store.error !== null && <ErrorPanel error={store.error} isInline />}
      </div>
    </Dialog>
  );
}
