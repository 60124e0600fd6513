import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Access } from '../../../shared/rbac/access.ts';
import { roles, roleScopes, scopes, type Role, type Scope } from '../../../shared/rbac/scopes.ts';
import { cx, Hidden, Icon } from '../../ui/index.ts';
import styles from './access.module.css';

type Cell = 'given' | 'included' | 'none';

const cellFor = (role: Role, scope: Scope): Cell => {
  if (roleScopes[role].includes(scope)) return 'given';
  return roleScopes[role].includes('admin:all') ? 'included' : 'none';
};

/** Which role gives which scope; the own roles and scopes stand out. */
export function RoleMatrix({ access }: { access: Access }): ReactNode {
  const { t } = useTranslation('access');
  const isOwn = (role: Role): boolean => access.roles.includes(role);
  const isHeld = (scope: Scope): boolean => access.scopes.includes(scope) || access.scopes.includes('admin:all');
  return (
    <div className={styles.view}>
      <p className={styles.lead}>{t('roles.lead')}</p>
      <table className={cx(styles.table, styles.matrix)} aria-label={t('view.roles')} data-testid="access-matrix">
        <thead>
          <tr>
            <th scope="col">{t('roles.scope')}</th>
            {roles.map((role) => <th key={role} scope="col" className={cx(isOwn(role) && styles.own)}>{role}{isOwn(role) && <span className={styles.yours}>{t('roles.own')}</span>}</th>)}
            <th scope="col">{t('roles.you')}</th>
          </tr>
        </thead>
        <tbody>
          {scopes.map((scope) => (
            <tr key={scope}>
              <th scope="row">{scope}</th>
              {roles.map((role) => <td key={role} className={cx(isOwn(role) && styles.own)}><Mark cell={cellFor(role, scope)} /></td>)}
              <td className={styles.held}><Mark cell={isHeld(scope) ? (access.scopes.includes(scope) ? 'given' : 'included') : 'none'} /></td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className={styles.muted}>{t('roles.legend')}</p>
    </div>
  );
}

function Mark({ cell }: { cell: Cell }): ReactNode {
  const { t } = useTranslation('access');
  if (cell === 'none') return <Hidden>{t('roles.no')}</Hidden>;
  return <>{cell === 'given' ? <Icon name="check" /> : <span aria-hidden className={styles.muted}>(✓)</span>}<Hidden>{t(`roles.${cell}`)}</Hidden></>;
}
