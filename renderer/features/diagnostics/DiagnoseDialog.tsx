import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, Dialog, ErrorPanel } from '../../ui/index.ts';
import { BundleDialog } from './BundleDialog.tsx';
import { Steps } from './Steps.tsx';
import { Summary } from './Summary.tsx';
import { useDiagnosis } from './useDiagnosis.ts';

/** The diagnosis for whoever cannot get in: it needs nobody to be signed in. */
export default function DiagnoseDialog({ onClose }: { onClose: () => void }): ReactNode {
  const { t } = useTranslation('diagnostics');
  const { report, isRunning, error, run, cancel } = useDiagnosis();
  const [isBundle, setBundle] = useState(false);
  if (isBundle) return <BundleDialog onClose={() => setBundle(false)} />;
  return (
    <Dialog
      isOpen onClose={onClose} size="large" title={t('title')}
      actions={<><Button icon="documents" onPress={() => setBundle(true)} data-testid="bundle-open">{t('bundle.open')}</Button><Button icon="refresh" variant="primary" isDisabled={isRunning} onPress={run}>{t('again')}</Button></>}
    >
      {error !== null && <ErrorPanel error={error} isInline />}
      {report !== undefined && (
        // Longer than the window, so the keyboard has to be able to scroll it.
        <div tabIndex={0} role="region" aria-label={t('way')}>
          <Summary report={report} isRunning={isRunning} onCancel={cancel} />
          <Steps steps={report.steps} />
        </div>
      )}
    </Dialog>
  );
}
