import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { drillId, isPassed, keptUntil, rpoMs, rtoMs, type DrillProof } from '../../../../shared/security/backups/backup.ts';
import { useAction } from '../../../bridge/queries.ts';
import { useFormat } from '../../../i18n/format.ts';
import { Badge, Banner, Button, DefinitionList, ErrorPanel } from '../../../ui/index.ts';
import { Pane, Section } from '../Pane.tsx';
import { SourceMark } from '../SourceMark.tsx';
import { useDuration, useSize, type BackupRow } from './rows.ts';
import styles from './backups.module.css';

/** One backup: what the server says of it, and what drills have proven. */
export function BackupPane({ row: { backup, isGone }, proofs, cannotDrill, onDrill, onClose }: { row: BackupRow; proofs: readonly DrillProof[]; cannotDrill: string | null; onDrill: () => void; onClose: () => void }): ReactNode {
  const { t } = useTranslation('security-backups');
  const format = useFormat();
  const size = useSize();
  const { offsite } = backup;
  return (
    <Pane title={t('title', { when: format.dateTime(backup.createdAt) })} marks={<SourceMark source="claimed" />} onClose={onClose} data-testid="backup">
      {isGone && <Banner tone="neutral">{t('goneHint')}</Banner>}
      <div className={styles.facts}><DefinitionList items={[
        { label: t('column.id'), value: <span className={styles.digest}>{backup.id}</span> },
        { label: t('column.kind'), value: t(`kind.${backup.kind}`) },
        { label: t('column.size'), value: size(backup.size) },
        { label: t('column.keptUntil'), value: isGone ? t('gone') : format.date(keptUntil(backup)) },
        { label: t('column.offsite'), value: offsite === null ? null : offsite.copied ? t('offsite.where', { where: offsite.location, when: offsite.copiedAt === null ? '–' : format.dateTime(offsite.copiedAt) }) : t('offsite.missing') },
        { label: 'SHA-256', value: backup.sha256 === null ? null : <span className={styles.digest}>{backup.sha256}</span> },
      ]} /></div>
      <Section title={t('drill.title')} actions={<Button icon="diagnostics" variant="primary" isDisabled={cannotDrill !== null} reason={cannotDrill} onPress={onDrill} data-testid="backup-drill">{t('action.drill')}</Button>}>
        <p className={styles.muted}>{t(proofs.length === 0 ? 'drill.none' : 'drill.hint')}</p>
        {proofs.map((proof) => <Proof key={drillId(proof)} proof={proof} />)}
      </Section>
    </Pane>
  );
}

/** What a drill has found, whether it is believed, and against which limits. */
function Proof({ proof }: { proof: DrillProof }): ReactNode {
  const { t } = useTranslation('security-backups');
  const format = useFormat();
  const duration = useDuration();
  const save = useAction('backups.exportProof');
  const [saved, setSaved] = useState<string | null>(null);
  const { evidence, fault, checkedAt, by, file, tookMs } = proof;
  const passed = isPassed(proof);
  const problem = (code: string): string => (code.startsWith('table:') ? t('problem.table', { table: code.slice(6) }) : t(`problem.${code}`, { defaultValue: code }));
  const write = (): void => void save.run({ id: drillId(proof), suggestedName: t('proof.fileName', { backup: evidence.backup }) }).then((done) => { if (done !== null) setSaved(done.path); });
  return (
    <article className={styles.proof} data-testid="backup-proof" aria-label={t('proof.label', { when: format.dateTime(checkedAt) })}>
      <div className={styles.proofHead}>
        <Badge tone={passed ? 'success' : 'danger'} icon={passed ? 'check' : 'error'}>{t(fault !== null ? 'proof.refused' : passed ? 'proof.passed' : 'proof.failed')}</Badge>
        <span className={styles.muted}>{format.dateTime(checkedAt)} · {file === null ? by : t('proof.fromFile', { file, by })}</span>
        {fault === null && <Button icon="archive" variant="quiet" isPending={save.isPending} onPress={write} data-testid="backup-export">{t('action.export')}</Button>}
      </div>
      {fault !== null ? <p>{t(`errors:backup.refused.${fault}`)}</p> : (
        <>
          <p>{t('proof.words', { rows: format.integer(evidence.rowsCompared), count: evidence.mismatches, rto: duration(evidence.rtoSeconds), rtoRule: duration(rtoMs / 1000), rpo: duration(evidence.rpoSeconds), rpoRule: duration(rpoMs / 1000) })}{tookMs !== null && ` ${t('proof.took', { seconds: duration(Math.ceil(tookMs / 1000)) })}`}</p>
          {evidence.problems.length > 0 && <ul className={styles.problems}>{evidence.problems.map((code) => <li key={code}>{problem(code)}</li>)}</ul>}
        </>
      )}
      {saved !== null && <Banner tone="success">{t('proof.saved', { path: saved })}</Banner>}
      {save.error !== null && <ErrorPanel error={save.error} isInline />}
    </article>
  );
}
