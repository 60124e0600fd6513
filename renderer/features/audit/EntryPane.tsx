import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { AuditFilter } from '../../../shared/domain/audit.ts';
import { documentTypeInfo, documentTypes } from '../../../shared/domain/document-types.ts';
import { useAction, useCall } from '../../bridge/queries.ts';
import { useFormat } from '../../i18n/format.ts';
import { logAddress, useCanSearchLog } from '../../state/log-search.ts';
import { Badge, Banner, Button, DefinitionList, ErrorPanel, IconButton, Skeleton } from '../../ui/index.ts';
import { IncidentButton } from '../security/IncidentButton.tsx';
import { useActionName } from './names.ts';
import styles from './audit.module.css';

/** The address of the document that a resource such as `sales/SO-2026-00012` stands for; null where it is none. */
export function documentAddress(resource: string): string | null {
  const [domain = '', number = ''] = resource.split('/');
  const type = documentTypes.find((candidate) => documentTypeInfo[candidate].domain === domain && number.startsWith(documentTypeInfo[candidate].prefix));
  return type === undefined ? null : `/documents/${type}/${encodeURIComponent(number)}`;
}

export type EntryPaneProps = { index: number; /** Nothing but this computer vouches for the entry. */ isClaimed: boolean; onFilter: (change: Partial<AuditFilter>) => void; onClose: () => void };

/** One entry: who did what, the bytes that are proven, and the proof to take along. */
export function EntryPane({ index, isClaimed, onFilter, onClose }: EntryPaneProps): ReactNode {
  const { t } = useTranslation('audit');
  const format = useFormat();
  const navigate = useNavigate();
  const nameOf = useActionName();
  const entry = useCall('audit.entry', { index });
  const canSearchLog = useCanSearchLog();
  const save = useAction('audit.saveEvidence');
  const [saved, setSaved] = useState<string | null>(null);
  if (entry.error !== null) return <ErrorPanel error={entry.error} onRetry={entry.refetch} />;
  const detail = entry.data;
  if (detail === undefined || detail === null) return entry.isSlow ? <div className={styles.pane}><Skeleton lines={8} /></div> : null;
  const { row, proof } = detail;
  const address = documentAddress(row.resource);
  const prove = (): void => void save.run({
    target: { indexes: [row.index] }, suggestedName: t('evidence.fileName', { number: row.index + 1 }),
    unproven: t('bundle.unproven', { left: '{{left}}' }), report: [t('evidence.title'), '', t('evidence.entry', { number: format.integer(row.index + 1), when: format.dateTime(row.at), actor: row.actor, action: row.action, resource: row.resource }), t('evidence.how')],
  }).then((written) => { if (written !== null) setSaved(written.path); });
  return (
    <div className={styles.pane} data-testid="audit-entry">
      <header className={styles.paneHead}>
        <h2>{t('entry.title', { number: format.integer(row.index + 1) })}</h2>
        {!isClaimed && <Badge tone={row.outcome === 'refused' ? 'danger' : 'neutral'}>{t(`outcome.${row.outcome}`)}</Badge>}
        <IconButton icon="close" label={t('entry.close')} onPress={onClose} />
      </header>
      <div className={styles.paneBody}>
        <DefinitionList items={[
          { label: t('column.at'), value: <time dateTime={new Date(row.at).toISOString()}>{format.dateTime(row.at)}</time> },
          { label: t('column.actor'), value: row.role === null ? row.actor : `${row.actor} (${row.role})` },
          { label: t('entry.client'), value: row.client },
          { label: t('column.action'), value: nameOf(row.action) === row.action ? row.action : `${nameOf(row.action)} (${row.action})` },
          { label: t('column.resource'), value: row.resource },
          isClaimed ? { label: t('claimed.rest'), value: row.to ?? t('claimed.restUnknown') } : { label: t('entry.change'), value: row.from === null && row.to === null ? null : `${row.from ?? '–'} → ${row.to ?? '–'}` },
          { label: t(isClaimed ? 'claimed.changes' : 'column.reason'), value: row.reason },
          { label: t(isClaimed ? 'claimed.id' : 'entry.policy'), value: isClaimed ? row.policy?.replace(/^id:/, '') ?? null : row.policy },
          { label: t('entry.correlation'), value: row.correlationId === '' ? null : <span className={styles.code}>{row.correlationId}</span> },
        ]} />
        <div className={styles.buttons}>
          {address !== null && <Button icon="documents" onPress={() => void navigate(address)} data-testid="audit-open-document">{t('entry.openDocument')}</Button>}
          <Button icon="filter" onPress={() => onFilter({ resource: row.resource })}>{t('entry.sameResource')}</Button>
          {row.correlationId !== '' && <Button icon="chain" onPress={() => onFilter({ correlationId: row.correlationId })}>{t('entry.sameCorrelation')}</Button>}
          <IncidentButton origin="/audit" title={t('incidentTitle', { number: format.integer(row.index + 1), action: nameOf(row.action), actor: row.actor })} entry={row.index} />
          {row.correlationId !== '' && canSearchLog && <Button icon="search" onPress={() => void navigate(logAddress(row.correlationId, row.at))} data-testid="audit-search-log">{t('common:error.searchLog')}</Button>}
        </div>
        <section className={styles.proof} aria-label={t('proof.title')}>
          <h3>{t(isClaimed ? 'claimed.title' : 'proof.title')}</h3>
          {isClaimed && <p className={styles.text}>{t('claimed.text')}</p>}
          {proof === null ? <p className={styles.text}>{t('proof.none')}</p> : (
            <DefinitionList items={[
              { label: t('proof.position'), value: t('proof.of', { number: format.integer(row.index + 1), size: format.integer(proof.size) }) },
              { label: t('proof.verified'), value: format.dateTime(proof.seenAt) },
              { label: t('proof.root'), value: <span className={styles.code}>{proof.root}</span> },
              { label: t('proof.leaf'), value: <span className={styles.code}>{detail.leafHash}</span> },
              { label: t('proof.path'), value: t('proof.hashes', { count: proof.hashes.length }) },
            ]} />
          )}
          <div className={styles.buttons}><Button icon="audit" isDisabled={proof === null} reason={proof === null ? t('proof.none') : null} isPending={save.isPending} onPress={prove} data-testid="audit-save-evidence">{t('proof.save')}</Button></div>
          {save.error !== null && <ErrorPanel error={save.error} isInline />}
          {saved !== null && <Banner tone="success" onDismiss={() => setSaved(null)}>{t('proof.saved', { path: saved })}</Banner>}
        </section>
        <details className={styles.raw}><summary>{t('proof.bytes')}</summary><pre className={styles.code}>{detail.canonical}</pre></details>
      </div>
    </div>
  );
}
