import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { DoctorReport, KeychainRepair } from '../../../shared/domain/keychain.ts';
import { setAnswer } from '../../bridge/answers.ts';
import { useAction, useCall } from '../../bridge/queries.ts';
import { useCommand } from '../../state/commands.ts';
import { useInfo } from '../../state/info.ts';
import { useActiveProfile } from '../../state/profiles.ts';
import { useSignIn } from '../../state/sign-in.ts';
import { Button, Dialog, ErrorPanel, Page, PageHeader, ProgressBar, useCopy } from '../../ui/index.ts';
import { LoginTest } from '../login-test/LoginTest.tsx';
import { CreateKey } from '../recovery/CreateKey.tsx';
import { KeyForm } from '../recovery/KeyForm.tsx';
import { useSecretCall } from '../recovery/useSecretCall.ts';
import { BundleDialog } from './BundleDialog.tsx';
import { Findings } from './Findings.tsx';
import { Steps } from './Steps.tsx';
import { Summary } from './Summary.tsx';
import { useDiagnosis } from './useDiagnosis.ts';
import { doctorReport } from './doctor-report.ts';
import styles from './diagnostics.module.css';

/** The diagnosis from here to the server, below it the keychain doctor with its repairs, and the test sign-in. */
export default function DiagnosticsScreen(): ReactNode {
  const { t } = useTranslation('diagnostics');
  const { t: words } = useTranslation('keychain');
  const profile = useActiveProfile();
  const info = useInfo((store) => store.info);
  const diagnosis = useDiagnosis();
  const { data, error, isFetching, refetch } = useCall('security.keychain', undefined);
  const repair = useAction('security.repairKeychain');
  const signIn = useSignIn();
  const { isCopied, copy } = useCopy();
  const [running, setRunning] = useState<KeychainRepair | null>(null);
  const [dialog, setDialog] = useState<'createRecoveryKey' | 'unlockWithRecoveryKey' | 'bundle' | null>(null);
  const take = (report: DoctorReport | null): void => {
    if (report !== null) setAnswer('security.keychain', undefined, report);
  };
  const start = (what: KeychainRepair): void => {
    if (what === 'createRecoveryKey' || what === 'unlockWithRecoveryKey') setDialog(what);
    else if (what === 'signInAgain') signIn.run();
    else {
      setRunning(what);
      void repair.run({ repair: what }).then(take).finally(() => setRunning(null));
    }
  };
  const close = (): void => {
    setDialog(null);
    refetch();
  };
  const report = (found: DoctorReport): string => doctorReport(found, info, {
    title: t('report.title'), state: t('report.state'), stateName: words(`state.${found.state}`),
    step: (id) => words(`step.${id}`), status: (status) => t(`status.${status}`), cause: (cause) => words(`cause.${cause}`),
  });
  const failed = repair.error ?? error ?? diagnosis.error ?? signIn.error;
  const again = (): void => {
    diagnosis.run();
    refetch();
  };
  useCommand({ id: 'diagnostics.run', title: t('again'), group: 'view', shortcut: 'F5', isEnabled: !diagnosis.isRunning, run: again });
  return (
    <Page header={<PageHeader title={t('title')} actions={<>
      <Button icon="documents" onPress={() => setDialog('bundle')} data-testid="bundle-open">{t('bundle.open')}</Button>
      <Button icon="refresh" variant="primary" shortcut="F5" isDisabled={diagnosis.isRunning} onPress={again} data-testid="diagnose">{t('again')}</Button>
    </>} />}>
      <div className={styles.body}>
        {failed !== null && <ErrorPanel error={failed} isInline />}
        <section aria-labelledby="diagnostics-way">
          <h2 id="diagnostics-way" className={styles.subtitle}>{t('way')}</h2>
          {diagnosis.report !== undefined && <Summary report={diagnosis.report} isRunning={diagnosis.isRunning} onCancel={diagnosis.cancel} />}
          {diagnosis.report !== undefined && <Steps steps={diagnosis.report.steps} />}
        </section>
        {data === undefined ? error === null && <ProgressBar label={t('examining')} value={null} /> : (
          <Findings report={data} running={running} onRepair={start} actions={<><Button icon={isCopied ? 'check' : 'copy'} onPress={() => copy(report(data))}>{t(isCopied ? 'copied' : 'copy')}</Button><Button icon="refresh" isPending={isFetching} onPress={refetch}>{words('repair.probeAgain')}</Button></>} />
        )}
        {profile !== null && (
          <section aria-labelledby="diagnostics-login" className={styles.part}>
            <h2 id="diagnostics-login" className={styles.subtitle}>{t('login-test:title')}</h2>
            <LoginTest profile={null} tested={profile} />
          </section>
        )}
      </div>
      {dialog === 'bundle' && <BundleDialog onClose={() => setDialog(null)} />}
      {dialog === 'createRecoveryKey' && <CreateKey replaces={false} onClose={close} />}
      {dialog === 'unlockWithRecoveryKey' && <Unlock onClose={close} onDone={(found) => { take(found); setDialog(null); }} />}
    </Page>
  );
}

function Unlock({ onClose, onDone }: { onClose: () => void; onDone: (report: DoctorReport) => void }): ReactNode {
  const { t } = useTranslation('diagnostics');
  const { t: words } = useTranslation('keychain');
  const repair = useSecretCall('security.repairKeychain');
  const submit = (recoveryKey: string): void => void repair.run({ repair: 'unlockWithRecoveryKey', recoveryKey }).then((answer) => answer !== null && onDone(answer.value));
  return (
    <Dialog isOpen isModal onClose={onClose} size="medium" title={words('repair.unlockWithRecoveryKey')}>
      <KeyForm autoFocus submitLabel={t('unlock')} isPending={repair.isPending} error={repair.error} onType={repair.reset} onSubmit={submit} />
    </Dialog>
  );
}
