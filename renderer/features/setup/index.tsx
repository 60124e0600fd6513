import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { noMonitoring } from '../../../shared/domain/monitoring.ts';
import type { CallInput } from '../../../shared/ipc/contract.ts';
import { useAction } from '../../bridge/queries.ts';
import { useAdoptProfiles } from '../../state/profiles.ts';
import { switchWhenStored } from '../../state/leaving.ts';
import { Button, ErrorPanel } from '../../ui/index.ts';
import { useDocumentTitle } from '../../ui/useDocumentTitle.ts';
import { MonitoringQuestion } from './MonitoringQuestion.tsx';
import { IdentityProviderQuestion, NameQuestion, ServerQuestion } from './questions.tsx';
import styles from './setup.module.css';
import { addTexts } from '../../i18n/index.ts';

addTexts(import.meta.glob<Record<string, string>>('../../../resources/locales/*/setup.json', { eager: true, import: 'default' }));

export type Answers = CallInput<'profiles.save'>;
type Question = 'start' | 'server' | 'identityProvider' | 'monitoring' | 'name';

const order: readonly Question[] = ['start', 'server', 'identityProvider', 'monitoring', 'name'];
const nothing: Answers = { name: '', environment: 'production', provider: 'keycloak', erpUrl: '', issuer: '', clientId: '', monitoring: noMonitoring };

/** The first start, or a further server: one question at a time, each answer checked against the real server. */
export default function SetupScreen({ onDone }: { onDone?: () => void }): ReactNode {
  const { t } = useTranslation('setup');
  useDocumentTitle(t('title'));
  const adopt = useAdoptProfiles();
  const importFile = useAction('profiles.importFile');
  const [question, setQuestion] = useState<Question>('start');
  const [answers, setAnswers] = useState(nothing);
  const at = order.indexOf(question);
  const step = {
    answers,
    change: (part: Partial<Answers>) => setAnswers((before) => ({ ...before, ...part })),
    back: () => setQuestion(order[at - 1] ?? 'start'),
    next: () => setQuestion(order[at + 1] ?? 'name'),
    onDone,
  };
  const importProfile = (): void => void switchWhenStored(async () => {
    const overview = await importFile.run();
    adopt(overview);
    if (overview !== null) onDone?.();
  });
  return (
    <div className={styles.setup}>
      {at > 0 && <p className={styles.muted}>{t('progress', { step: at, count: order.length - 1 })}</p>}
      {question === 'start' && (
        <>
          <h1 className={styles.title}>{t('start.title')}</h1>
          <p className={styles.muted}>{t('start.hint')}</p>
          {importFile.error !== null && <ErrorPanel error={importFile.error} onRetry={importProfile} />}
          <div className={styles.choices}>
            <div className={styles.choice}><Button variant="primary" icon="documents" autoFocus isPending={importFile.isPending} onPress={importProfile}>{t('start.file')}</Button><p className={styles.muted}>{t('start.fileHint')}</p></div>
            <div className={styles.choice}><Button icon="server" onPress={step.next}>{t('start.address')}</Button><p className={styles.muted}>{t('start.addressHint')}</p></div>
          </div>
        </>
      )}
      {question === 'server' && <ServerQuestion {...step} />}
      {question === 'identityProvider' && <IdentityProviderQuestion {...step} />}
      {question === 'monitoring' && <MonitoringQuestion {...step} />}
      {question === 'name' && <NameQuestion {...step} />}
    </div>
  );
}
