import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { Verdict, VerifyResult } from '../../../shared/domain/verify.ts';
import { useFormat } from '../../i18n/format.ts';
import { Badge, Button, cx, DefinitionList, Icon, type IconName } from '../../ui/index.ts';
import { useWords } from '../documents/words.ts';
import styles from './verify.module.css';

const look: Readonly<Record<Verdict, { tone: 'good' | 'mind' | 'bad'; icon: IconName }>> = {
  valid: { tone: 'good', icon: 'success' }, exists: { tone: 'mind', icon: 'info' }, statusChanged: { tone: 'mind', icon: 'history' },
  changed: { tone: 'bad', icon: 'warning' }, unknown: { tone: 'bad', icon: 'reject' }, foreign: { tone: 'bad', icon: 'error' },
};

/** What came of it, in one sentence; below, what that rests on: measured here, or claimed by the server. */
export function Result({ result }: { result: VerifyResult }): ReactNode {
  const { t } = useTranslation('verify');
  const words = useWords();
  const format = useFormat();
  const navigate = useNavigate();
  const { verdict, number, type, hash, file, measured } = result;
  const { tone, icon } = look[verdict];
  const values = {
    number: number ?? '', host: result.foreignHost ?? '', name: type === null ? t('document') : words.type(type),
    status: result.status === null ? '–' : words.status(result.status), printed: result.printedStatus === null ? '' : words.status(result.printedStatus),
  };
  const facts = [
    ...(number === null ? [] : [{ label: t('fact.document'), value: `${values.name} ${number}` }]),
    ...(result.date === null ? [] : [{ label: t('fact.date'), value: format.date(result.date) }]),
    ...(result.status === null ? [] : [{ label: t('fact.status'), value: values.status }]),
    ...(hash === null ? [] : [{ label: t('fact.hash'), value: <code className={styles.code}>{hash}</code> }]),
    { label: t('fact.source'), value: t(`source.${result.source}`) },
    { label: t('fact.checked'), value: format.dateTime(result.checkedAt) },
  ];
  return (
    <article className={cx(styles.result, styles[tone])} data-testid="verify-result" data-verdict={verdict} data-measured={measured}>
      <header className={styles.verdict}>
        <Icon name={icon} className={styles.verdictIcon} />
        <div>
          <h2>{t(`verdict.${verdict}`, values)}</h2>
          <p>{t(`verdict.${verdict}.text`, values)}</p>
        </div>
      </header>
      {verdict !== 'foreign' && verdict !== 'unknown' && (
        <ul className={styles.evidence}>
          <li>
            <Badge tone={measured === 'same' ? 'success' : measured === 'differs' ? 'warning' : 'neutral'} icon={measured === 'same' ? 'check' : measured === 'differs' ? 'warning' : 'server'}>{t(measured === 'same' ? 'measured' : 'claimed')}</Badge>
            <span>{t(`measured.${measured}`)}</span>
          </li>
          {file !== null && file.kind === 'pdf' && (
            <li>
              <Badge tone={file.archived === null ? 'neutral' : 'success'} icon={file.archived === null ? 'info' : 'archive'}>{t(file.archived === null ? 'file.notOriginal' : 'file.original')}</Badge>
              <span>
                {file.archived !== null ? t('file.archived', { time: file.archived.at === null ? '–' : format.dateTime(file.archived.at), user: file.archived.user ?? '–' }) : t(file.asked ? 'file.notArchived' : 'file.notAsked')}
              </span>
            </li>
          )}
        </ul>
      )}
      <div className={styles.facts}>
        <DefinitionList items={facts} columns={2} />
        {file !== null && <p className={styles.fileLine}>{t('file.line', { name: file.name, count: file.pages })} <code className={styles.code} title={file.sha256}>SHA-256 {file.sha256.slice(0, 16)}…</code></p>}
      </div>
      {type !== null && number !== null && verdict !== 'unknown' && (
        <footer className={styles.actions}><Button icon="documents" onPress={() => void navigate(`/documents/${type}/${encodeURIComponent(number)}`)} data-testid="verify-open">{t('open')}</Button></footer>
      )}
    </article>
  );
}
