import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { RotatePhase, SecretRow } from '../../../../shared/security/secrets/secret.ts';
import { useFormat } from '../../../i18n/format.ts';
import { Banner, Button, DefinitionList } from '../../../ui/index.ts';
import { Pane, Section } from '../Pane.tsx';
import { SourceMark } from '../SourceMark.tsx';
import { SecretStateMark } from './SecretStateMark.tsx';
import styles from './secrets.module.css';

type Props = { row: SecretRow; mayAct: string | null; cannotRotate: string | null; onRotate: (phase: RotatePhase) => void; onKeep: () => void; onForget: () => void; onClose: () => void };

/** One secret: its rule and dates, who looks after it, and the steps of its rotation. */
export function SecretPane({ row, mayAct, cannotRotate, onRotate, onKeep, onForget, onClose }: Props): ReactNode {
  const { t } = useTranslation('security-secrets');
  const format = useFormat();
  const { origin, owner, isOwnOwner, isOverlapping, overlapSince, attestedBy, attestedAt } = row;
  const isLocal = origin === 'local';
  return (
    <Pane title={row.name} marks={<><SecretStateMark state={row.state} /><SourceMark source={isLocal ? 'attested' : 'claimed'} /></>} onClose={onClose} data-testid="secret">
      <DefinitionList items={[
        { label: t('column.kind'), value: t(`kind.${row.kind}`) },
        { label: t('column.provider'), value: row.provider },
        { label: t('rule'), value: t('rule.days', { count: row.days }) },
        { label: t('column.rotated'), value: row.rotatedAt === null ? null : `${format.date(row.rotatedAt)} (${format.relative(row.rotatedAt)})` },
        { label: t('column.due'), value: row.dueAt === null ? null : `${format.date(row.dueAt)} (${format.relative(row.dueAt)})` },
        { label: t('column.owner'), value: owner === null ? t('owner.none') : isOwnOwner && !isLocal ? t('owner.own', { owner }) : owner },
        ...(attestedBy === null || attestedAt === null ? [] : [{ label: t('column.origin'), value: t('attested', { by: attestedBy, when: format.dateTime(attestedAt) }) }]),
        ...(row.note === '' ? [] : [{ label: t('keep.note'), value: row.note }]),
      ]} />
      <div className={styles.buttons}>
        <Button icon={isLocal ? 'edit' : 'user'} isDisabled={mayAct !== null} reason={mayAct} onPress={onKeep} data-testid="secret-keep">{t(isLocal ? 'action.edit' : 'action.owner')}</Button>
        {isLocal && <Button icon="trash" variant="quiet" isDisabled={mayAct !== null} reason={mayAct} onPress={onForget}>{t('action.forget')}</Button>}
      </div>
      <Section
        title={t('rotate.title')}
        actions={isOverlapping ? (
          <>
            <Button icon="undo" isDisabled={cannotRotate !== null} reason={cannotRotate} onPress={() => onRotate('abort')} data-testid="secret-abort">{t('action.abort')}</Button>
            <Button icon="check" variant="primary" isDisabled={cannotRotate !== null} reason={cannotRotate} onPress={() => onRotate('confirm')} data-testid="secret-confirm">{t('action.confirm')}</Button>
          </>
        ) : <Button icon="key" variant="primary" isDisabled={cannotRotate !== null} reason={cannotRotate} onPress={() => onRotate('begin')} data-testid="secret-begin">{t('action.begin')}</Button>}
      >
        {isOverlapping ? <Banner tone={row.isOverlapLong ? 'warning' : 'accent'}>{t('overlap.hint', { since: overlapSince === null ? '–' : format.dateTime(overlapSince) })}{row.isOverlapLong && ` ${t('overlap.long')}`}</Banner> : <p className={styles.muted}>{isLocal ? t('reason.notRotatable') : t('rotate.hint')}</p>}
      </Section>
    </Pane>
  );
}
