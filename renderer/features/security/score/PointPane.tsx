import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { localDay } from '../../../../shared/security/gdpr/deadline.ts';
import type { ScoredPoint } from '../../../../shared/security/score/score.ts';
import { isAttestable, provenAt } from '../../../../shared/security/score/ways.ts';
import { useAction } from '../../../bridge/queries.ts';
import { useFormat } from '../../../i18n/format.ts';
import { useMessage } from '../../../i18n/errors.ts';
import { Button, DefinitionList, ErrorPanel, showToast } from '../../../ui/index.ts';
import { Pane, Section } from '../Pane.tsx';
import { SourceMark } from '../SourceMark.tsx';
import { AttestDialog } from './AttestDialog.tsx';
import { StateMark } from './StateMark.tsx';
import { weightOf } from './rows.ts';
import { useWayName } from './useWayName.ts';
import styles from './score.module.css';

/** One point: what it earns and why, all its evidence, and the place where it is proven. */
export function PointPane({ point, mayAct, onClose }: { point: ScoredPoint; mayAct: string | null; onClose: () => void }): ReactNode {
  const { t } = useTranslation('security-score');
  const format = useFormat();
  const message = useMessage();
  const wayName = useWayName();
  const withdraw = useAction('score.withdraw');
  const attest = useAction('score.attest');
  const [isAsking, setAsking] = useState(false);
  const counted = point.evidence.find(({ origin }) => origin === point.counted) ?? null;
  const attested = point.evidence.find(({ origin }) => origin === 'attested') ?? null;
  const why = counted === null || point.state === 'unmet' ? t(`why.${point.state}`) : t(counted.source === 'claimed' ? 'why.claimed' : counted.source === 'attested' && point.half === 'technical' ? 'why.attested' : 'why.full');
  const takeBack = (): void => void withdraw.run({ point: point.point }).then((done) => {
    if (done === null || attested === null || attested.expiresAt === null) return;
    const { outcome, params, expiresAt } = attested;
    const expiresOn = localDay(expiresAt - 1);
    showToast({ title: t('attest.withdrawn'), action: { label: t('attest.undo'), run: () => void attest.run({ point: point.point, outcome, owner: params['owner'] ?? '', note: params['note'] ?? '', expiresOn }) } });
  });
  const error = withdraw.error ?? attest.error;
  return (
    <Pane title={t(`point.${point.point}`)} marks={<StateMark state={point.state} />} onClose={onClose} data-testid="score-point">
      {error !== null && <ErrorPanel error={error} isInline />}
      <div className={styles.facts}><DefinitionList items={[
        { label: t('column.area'), value: `${t(`area.${point.area}`)} (${t(`part.${point.half}`)})` },
        { label: t('column.earned'), value: point.state === 'notApplicable' ? '–' : t('earnedOf', { earned: format.decimal(weightOf(point.credit * point.weight)), of: point.weight }) },
        { label: t('why.title'), value: why },
        { label: t('steps.gain'), value: point.gain === 0 ? '–' : t('gain', { value: format.decimal(String(point.gain / 10), { min: 1 }) }) },
        { label: t('column.comparison'), value: point.comparison === null ? t('comparison.none') : t('comparison.value', { value: point.comparison }) },
        { label: t('steps.where'), value: provenAt(point.point) === '/security/score' ? t('way.attest') : <Link to={provenAt(point.point)}>{wayName(provenAt(point.point))}</Link> },
      ]} /></div>
      <Section
        title={t('evidence.title')}
        actions={isAttestable(point.point) && (
          <>
            {attested !== null && <Button icon="undo" isDisabled={mayAct !== null} reason={mayAct} isPending={withdraw.isPending} onPress={takeBack}>{t('attest.withdraw')}</Button>}
            <Button icon="check" variant="primary" isDisabled={mayAct !== null} reason={mayAct} onPress={() => setAsking(true)} data-testid="score-attest">{t(attested === null ? 'attest.action' : 'attest.again')}</Button>
          </>
        )}
      >
        {point.evidence.length === 0 && <p className={styles.muted}>{t(isAttestable(point.point) ? 'evidence.noneAttest' : 'evidence.none')}</p>}
        <ul className={styles.evidence}>
          {point.evidence.map((one) => (
            <li key={one.origin} data-counted={one.origin === point.counted || undefined}>
              <div className={styles.evidenceHead}><SourceMark source={one.source} isStale={one.isStale} /><StateMark state={one.outcome} />{one.origin === point.counted && <span className={styles.muted}>{t('evidence.counts')}</span>}</div>
              <p>{message(one)}</p>
              <p className={styles.muted}>
                {t('evidence.seen', { at: format.dateTime(one.at) })}{one.by !== null && <> · {t('evidence.by', { name: one.by })}</>} · {one.expiresAt === null ? t('evidence.noExpiry') : t('evidence.until', { at: format.dateTime(one.expiresAt) })}
                {one.link !== null && <> · <Link to={one.link}>{t('evidence.look')}</Link></>}
              </p>
            </li>
          ))}
        </ul>
      </Section>
      {isAsking && <AttestDialog point={point} onClose={() => setAsking(false)} />}
    </Pane>
  );
}
