import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { postureGoodFor, type PostureResult, type PostureRun } from '../../../../shared/security/posture/result.ts';
import { useFormat } from '../../../i18n/format.ts';
import { useNow } from '../../../ui/index.ts';
import { Pane, Section } from '../Pane.tsx';
import { SourceMark } from '../SourceMark.tsx';
import styles from './posture.module.css';
import { useSeen, VerdictMark } from './verdicts.tsx';

/** One check: what was seen, what would be good, what to do, and what was sent for it. */
export function ResultPane({ result, run, onClose }: { result: PostureResult; run: PostureRun; onClose: () => void }): ReactNode {
  const { t } = useTranslation('security-posture');
  const format = useFormat();
  const seen = useSeen();
  const now = useNow();
  const { check, verdict, asked } = result;
  return (
    <Pane title={t(`check.${check}`)} marks={<VerdictMark verdict={verdict} />} onClose={onClose} data-testid="posture-result">
      <p className={styles.source}><SourceMark source="measured" isStale={run.startedAt + postureGoodFor <= now} /> {t('detail.measured', { when: format.dateTime(run.startedAt), server: run.server })}</p>
      <Section title={t('detail.seen')}><p className={styles.words}>{seen(result)}</p></Section>
      <Section title={t('detail.good')}><p className={styles.words}>{t(`good.${check}`)}</p></Section>
      {verdict !== 'good' && verdict !== 'notApplicable' && <Section title={t('detail.advice')}><p className={styles.words}>{t(`advice.${check}`)}</p></Section>}
      <Section title={t('detail.asked')}>
        {/* Twice the same is sent where the answers are compared. */}
        {asked.length === 0 ? <p className={styles.words}>{t('detail.nothingAsked')}</p> : <ul className={styles.sent}>{asked.map((one, index) => <li key={`${index} ${one}`} className={styles.code}>{one}</li>)}</ul>}
      </Section>
    </Pane>
  );
}
