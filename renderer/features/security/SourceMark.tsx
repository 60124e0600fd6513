import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { EvidenceSource } from '../../../shared/security/evidence.ts';
import { Badge, cx, Icon, Tooltip, type IconName } from '../../ui/index.ts';
import styles from './security.module.css';

const icons: Readonly<Record<EvidenceSource, IconName>> = { measured: 'diagnostics', imported: 'documents', attested: 'user', claimed: 'server' };

/** Where a figure comes from. What the server only claims is set apart from what was measured by its dashed frame and its words. */
export function SourceMark({ source, isStale = false }: { source: EvidenceSource; isStale?: boolean }): ReactNode {
  const { t } = useTranslation('security');
  return (
    <span className={styles.marks}>
      <Tooltip text={t(`source.${source}Hint`)} native>
        <span className={cx(styles.source, source === 'claimed' && styles.claimed)}><Icon name={icons[source]} className={styles.sourceIcon} />{t(`source.${source}`)}</span>
      </Tooltip>
      {isStale && <Badge tone="warning" icon="clock">{t('stale')}</Badge>}
    </span>
  );
}
