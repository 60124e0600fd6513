import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { LoginTestFinding, LoginTestReport } from '../../../shared/domain/login-test.ts';
import type { CallInput } from '../../../shared/ipc/contract.ts';
import { useAction } from '../../bridge/queries.ts';
import { useMessage } from '../../i18n/errors.ts';
import { Button, cx, ErrorPanel, Icon, ProgressBar, useCopy, type IconName } from '../../ui/index.ts';
import { firstProblem, loginTestText, type Tested } from './report.ts';
import styles from './login-test.module.css';
import { addTexts } from '../../i18n/index.ts';

addTexts(import.meta.glob<Record<string, string>>('../../../resources/locales/*/login-test.json', { eager: true, import: 'default' }));

const icons: Record<LoginTestFinding['status'], IconName> = { ok: 'check', warning: 'warning', failed: 'error', skipped: 'minus' };

export type LoginTestProps = { /** What to test; null is the connection in use. */ profile: CallInput<'profiles.testLogin'>['profile']; tested: Tested };

/** Signs in once for a look at what comes of it, and explains each gap with what to tell the administration. */
export function LoginTest({ profile, tested }: LoginTestProps): ReactNode {
  const { t } = useTranslation('login-test');
  const test = useAction('profiles.testLogin');
  const cancel = useAction('profiles.cancelTestLogin');
  const report = test.data;
  return (
    <div className={styles.test} data-testid="login-test">
      <p className={styles.muted}>{t('lead')}</p>
      {test.isPending && <div className={styles.wait}><ProgressBar label={t('waiting')} value={null} onCancel={() => void cancel.run()} /></div>}
      {test.error !== null && <ErrorPanel error={test.error} isInline />}
      {report !== undefined && !test.isPending && <Findings report={report} tested={tested} />}
      {!test.isPending && <Button icon="signIn" onPress={() => void test.run({ profile })} data-testid="login-test-run">{t(report === undefined ? 'run' : 'again')}</Button>}
    </div>
  );
}

function Findings({ report, tested }: { report: LoginTestReport; tested: Tested }): ReactNode {
  const { t } = useTranslation('login-test');
  const message = useMessage();
  const { copy, isCopied } = useCopy();
  const values = { redirect: report.redirectUri, clientId: tested.clientId };
  const causeText = ({ cause, error }: LoginTestFinding): string | null => {
    if (cause === null) return null;
    // Failures without a word of their own say what the request said.
    return cause === 'loginFailed' && error !== null ? message(error) : t(`cause.${cause}`, values);
  };
  const adviceText = ({ cause }: LoginTestFinding): string | null => (cause === null || cause === 'cancelled' ? null : t(`advice.${cause}`, values));
  const worst = firstProblem(report.findings);
  const text = (): string => loginTestText(report, tested, { title: t('report'), step: (id) => t(`step.${id}`), status: (status) => t(`status.${status}`), cause: causeText, advice: adviceText });
  return (
    <>
      <p role="status"><b>{worst === null ? t('good') : t(worst.status === 'failed' ? 'bad' : 'usable')}</b></p>
      <ul className={styles.list} aria-label={t('findings')}>
        {report.findings.filter(({ status }) => status !== 'skipped').map((finding) => (
          <li key={finding.id} className={styles.step} data-step={finding.id} data-status={finding.status} data-cause={finding.cause}>
            <span className={cx(styles.icon, styles[finding.status])}><Icon name={icons[finding.status]} label={t(`status.${finding.status}`)} /></span>
            <div className={styles.text}>
              <div><b>{t(`step.${finding.id}`)}</b>{finding.detail !== null && <span className={styles.detail}>{finding.detail}</span>}</div>
              {finding.cause !== null && <p>{causeText(finding)}</p>}
              {adviceText(finding) !== null && <p className={styles.muted}>{t('tell')} {adviceText(finding)}</p>}
            </div>
          </li>
        ))}
      </ul>
      {worst !== null && <div className={styles.actions}><Button icon={isCopied ? 'check' : 'copy'} onPress={() => copy(text())}>{t(isCopied ? 'copied' : 'copy')}</Button></div>}
    </>
  );
}
