import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Access } from '../../../shared/rbac/access.ts';
import { appActions, type ActionArea, type AppAction } from '../../../shared/rbac/actions.ts';
import { explain, rolesAllowed } from '../../../shared/rbac/explain.ts';
import { useFormat } from '../../i18n/format.ts';
import { Badge } from '../../ui/index.ts';
import { reasonsFor } from './reasons.ts';
import styles from './access.module.css';

const areas = [...new Set(appActions.map(({ area }) => area))];

/** Every action of the app: allowed because of what, or missing what, and who may do it. */
export function Actions({ access }: { access: Access }): ReactNode {
  const { t } = useTranslation('access');
  return (
    <div className={styles.view}>
      <p className={styles.lead}>{t('actions.lead')}</p>
      <table className={styles.table} aria-label={t('view.actions')} data-testid="access-actions">
        <thead><tr><th scope="col">{t('actions.action')}</th><th scope="col">{t('actions.you')}</th><th scope="col">{t('actions.why')}</th><th scope="col">{t('actions.heldBy')}</th></tr></thead>
        {areas.map((area) => <Area key={area} area={area} access={access} />)}
      </table>
    </div>
  );
}

function Area({ area, access }: { area: ActionArea; access: Access }): ReactNode {
  const { t } = useTranslation('access');
  return (
    <tbody>
      <tr className={styles.group}><th scope="rowgroup" colSpan={4}>{t(`area.${area}`)}</th></tr>
      {appActions.filter((action) => action.area === area).map((action) => <Row key={action.id} action={action} access={access} />)}
    </tbody>
  );
}

function Row({ action, access }: { action: AppAction; access: Access }): ReactNode {
  const { t } = useTranslation('access');
  const format = useFormat();
  const told = explain(access, action.id);
  return (
    <tr data-action={action.id} data-allowed={told.allowed}>
      <th scope="row">{t(`action.${action.id}`)}</th>
      <td>{told.allowed ? <Badge tone="success" icon="check">{t('actions.allowed')}</Badge> : <Badge icon="close">{t('actions.refused')}</Badge>}</td>
      <td className={styles.wrap}>{reasonsFor(told, t, format).map((reason) => <div key={reason}>{reason}</div>)}</td>
      <td><span className={styles.badges}>{rolesAllowed(action.id).map((role) => <Badge key={role} tone={access.roles.includes(role) ? 'accent' : 'neutral'}>{role}</Badge>)}</span></td>
    </tr>
  );
}
