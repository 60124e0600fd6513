import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { watcherFields, watcherIds, type WatcherAnswer } from '../../../shared/domain/monitoring.ts';
import { useMessage } from '../../i18n/errors.ts';
import { addTexts } from '../../i18n/index.ts';
import { Button, cx, ErrorPanel, Hidden, Icon, ProgressBar, TextField, useCopy, type IconName } from '../../ui/index.ts';
import type { MonitoringForm } from './useMonitoringForm.ts';
import styles from './monitoring.module.css';

addTexts(import.meta.glob<Record<string, string>>('../../../resources/locales/*/monitoring.json', { eager: true, import: 'default' }));

const icons: Record<WatcherAnswer['status'], IconName> = { ok: 'check', warning: 'warning', failed: 'error' };

/** The three addresses, each with what it is for, what the app does without it, and what came of asking it. */
export function MonitoringFields({ form, autoFocus = false, onEnter }: { form: MonitoringForm; autoFocus?: boolean; onEnter?: () => void }): ReactNode {
  const { t } = useTranslation('monitoring');
  const say = useAnswerText();
  const { copy, isCopied } = useCopy();
  const { answers, isPending } = form;
  const told = answers.map((answer) => `${t(`name.${answer.id}`)}: ${say(answer)}`);
  return (
    <div className={styles.fields} data-testid="monitoring-fields">
      {/* There from the beginning, so that what comes into it is read out; outside of the flow. */}
      <div role="status" className={styles.status}><Hidden>{isPending ? '' : told.join(' ')}</Hidden></div>
      {watcherIds.map((id, index) => {
        const answer = answers.find((one) => one.id === id);
        const problem = form.problems[id];
        return (
          <div key={id} className={styles.watcher}>
            <TextField
              label={t(`label.${id}`)} type="url" hint={t(`hint.${id}`)} placeholder={t(`example.${id}`)} autoFocus={autoFocus && index === 0} value={form.value[watcherFields[id]]} maxLength={500}
              error={problem === undefined ? null : t(`problem.${problem}`)} onChange={(text) => form.edit(id, text)} onBlur={() => form.leave(id)} onKeyDown={(event) => { if (event.key === 'Enter') onEnter?.(); }} data-testid={`monitoring-${id}`}
            />
            {answer !== undefined && !isPending && (
              <p className={styles.answer} data-testid={`monitoring-answer-${id}`} data-finding={answer.finding}>
                <span className={cx(styles.icon, styles[answer.status])}><Icon name={icons[answer.status]} label={t(`status.${answer.status}`)} /></span><span>{say(answer)}</span>
              </p>
            )}
          </div>
        );
      })}
      {isPending && <ProgressBar label={t('running')} value={null} />}
      {form.error !== null && !isPending && <ErrorPanel error={form.error} isInline />}
      {!isPending && answers.some(({ status }) => status === 'failed') && (
        <div><Button icon={isCopied ? 'check' : 'copy'} onPress={() => copy([t('report'), '', ...told].join('\n'))}>{t(isCopied ? 'copied' : 'copy')}</Button></div>
      )}
    </div>
  );
}

/** What came of asking a server, in a sentence. */
function useAnswerText(): (answer: WatcherAnswer) => string {
  const { t } = useTranslation('monitoring');
  const message = useMessage();
  return ({ id, finding, host, version, found, httpStatus, error }) => {
    const name = t(`name.${id}`);
    const whole = (of: string, number: string | null): string => (number === null ? of : `${of} ${number}`);
    if (finding === 'untrusted' && error !== null) return message(error);
    if (finding === 'otherWatcher' && found !== null) return t('finding.otherWatcher', { name, host, found: whole(t(`name.${found}`), version), field: t(`label.${found}`) });
    return t(`finding.${finding}`, { name, host, server: whole(name, version), status: httpStatus ?? '' });
  };
}
