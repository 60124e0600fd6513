import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { answers, lackOfAnswer, type Answer, type GdprRequest, type RequestStep } from '../../../../shared/security/gdpr/request.ts';
import { useAction } from '../../../bridge/queries.ts';
import { Banner, Button, Dialog, ErrorPanel, Select, TextArea } from '../../../ui/index.ts';
import styles from './gdpr.module.css';

export type Asked = RequestStep['what'];

/** One step of a request, with the words that go with it. */
export function StepDialog({ request, asked, onClose }: { request: GdprRequest; asked: Asked; onClose: () => void }): ReactNode {
  const { t } = useTranslation('security-gdpr');
  const step = useAction('gdpr.step');
  const [text, setText] = useState('');
  const [answer, setAnswer] = useState<Answer>('fulfilled');
  const [isTried, setTried] = useState(false);
  const lack = lackOfAnswer(request, { answer, note: '' });
  const isNeeded = asked !== 'answer' || lack !== null;
  const words = text.trim();
  const made = (): RequestStep => {
    if (asked === 'answer') return { what: asked, answer, note: words };
    if (asked === 'identify') return { what: asked, how: words };
    if (asked === 'note') return { what: asked, text: words };
    return { what: asked, reason: words };
  };
  const save = (): void => {
    setTried(true);
    if (isNeeded && words === '') return;
    void step.run({ id: request.id, step: made() }).then((done) => { if (done !== null) onClose(); });
  };
  return (
    <Dialog isOpen isModal onClose={onClose} title={t(`action.${asked}`)} actions={<><Button onPress={onClose}>{t('cancel')}</Button><Button variant="primary" isPending={step.isPending} onPress={save} data-testid="gdpr-step-save">{t(`ask.${asked}.save`)}</Button></>}>
      <div className={styles.stack}>
        <p className={styles.muted}>{t(`ask.${asked}.hint`)}</p>
        {asked === 'answer' && <Select label={t('answer')} options={answers.map((value) => ({ value, label: t(`answers.${value}`) }))} value={answer} onChange={setAnswer} />}
        {asked === 'answer' && lack === 'elsewhereWanted' && <Banner tone="warning">{t('errors:gdpr.elsewhereWanted')}</Banner>}
        <TextArea label={t(`ask.${asked}.text`)} isRequired={isNeeded} autoFocus={asked !== 'answer'} maxLength={asked === 'answer' || asked === 'note' ? 4000 : 300} value={text} onChange={setText} error={isTried && isNeeded && words === '' ? t('new.required') : null} data-testid="gdpr-step-text" />
        {step.error !== null && <ErrorPanel error={step.error} isInline />}
      </div>
    </Dialog>
  );
}
