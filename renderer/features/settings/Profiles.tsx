import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useSearchParams } from 'react-router';
import type { ConnectionProfile } from '../../../shared/domain/profile.ts';
import { useAction } from '../../bridge/queries.ts';
import { useAdoptProfiles, useProfiles } from '../../state/profiles.ts';
import { switchWhenStored } from '../../state/leaving.ts';
import { Badge, Button, Dialog, ErrorPanel, Hidden } from '../../ui/index.ts';
import { MonitoringDialog } from '../monitoring/MonitoringDialog.tsx';
import styles from './settings.module.css';

/** The servers beside the ERP that a profile names. */
const watchers = ({ prometheusUrl, alertmanagerUrl, lokiUrl }: ConnectionProfile): [string, string][] =>
  ([['Prometheus', prometheusUrl], ['Alertmanager', alertmanagerUrl], ['Loki', lokiUrl]] as const).flatMap(([name, url]) => (url === undefined ? [] : [[name, url]]));

/** The servers this installation knows, and which one it uses. */
export function Profiles(): ReactNode {
  const { t } = useTranslation('settings');
  const navigate = useNavigate();
  const { data, error } = useProfiles();
  const adopt = useAdoptProfiles();
  const activate = useAction('profiles.activate');
  const importFile = useAction('profiles.importFile');
  const [asked, setAsked] = useState<ConnectionProfile | null>(null);
  // The profile whose monitoring is edited stands in the address: other screens lead here.
  const [search, setSearch] = useSearchParams();
  const edited = data?.profiles.find(({ id }) => id === (search.get('monitoring') === 'active' ? data.activeId : search.get('monitoring')));
  const edit = (id: string | null): void => setSearch(id === null ? {} : { monitoring: id }, { replace: true });
  const failed = error ?? activate.error ?? importFile.error;
  const change = (profile: ConnectionProfile): void => {
    setAsked(null);
    void switchWhenStored(() => activate.run({ id: profile.id }).then(adopt));
  };
  return (
    <div className={styles.profiles}>
      <ul className={styles.list}>
        {(data?.profiles ?? []).map((profile) => (
          <li key={profile.id} className={styles.profile}>
            <div className={styles.profileText}>
              <div className={styles.profileName}><b>{profile.name}</b><Badge>{t(`environment.${profile.environment}`)}</Badge>{profile.id === data?.activeId && <Badge tone="success" icon="check">{t('profiles.active')}</Badge>}</div>
              <div className={styles.muted}>{profile.erpUrl} · {profile.issuer}</div>
              {watchers(profile).length > 0 && <div className={styles.muted}>{watchers(profile).map(([name, url], index) => <span key={name} className={styles.watcher}>{index > 0 && ' · '}{name} {url}</span>)}</div>}
            </div>
            <Button icon="server" onPress={() => edit(profile.id)} data-testid={`monitoring-of-${profile.id}`}>{t('monitoring:edit')}<Hidden> {profile.name}</Hidden></Button>
            {profile.id === data?.activeId && <Button icon="diagnostics" onPress={() => void navigate('/diagnostics')}>{t('login-test:check')}</Button>}
            {profile.id !== data?.activeId && <Button isPending={activate.isPending} onPress={() => setAsked(profile)}>{t('profiles.activate')}</Button>}
          </li>
        ))}
      </ul>
      {failed !== null && <ErrorPanel error={failed} isInline />}
      <div className={styles.actions}>
        <Button icon="plus" onPress={() => void navigate('/settings/new-profile')}>{t('profiles.add')}</Button>
        <Button icon="documents" isPending={importFile.isPending} onPress={() => void switchWhenStored(() => importFile.run().then(adopt))}>{t('profiles.import')}</Button>
      </div>
      {edited !== undefined && <MonitoringDialog key={edited.id} profile={edited} isActive={edited.id === data?.activeId} onClose={() => edit(null)} />}
      {asked !== null && (
        <Dialog isOpen onClose={() => setAsked(null)} title={t('profiles.switchTitle', { name: asked.name })} actions={<>
          <Button onPress={() => setAsked(null)}>{t('profiles.stay')}</Button>
          <Button variant="primary" autoFocus onPress={() => change(asked)}>{t('profiles.activate')}</Button>
        </>}>
          <p>{t('profiles.switchHint')}</p>
        </Dialog>
      )}
    </div>
  );
}
