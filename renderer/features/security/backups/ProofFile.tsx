import { useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { DrillProof } from '../../../../shared/security/backups/backup.ts';
import { largestProof } from '../../../../shared/security/backups/proof.ts';
import { useAction } from '../../../bridge/queries.ts';
import { Button, Dialog, ErrorPanel } from '../../../ui/index.ts';

/** Checks the proof that a colleague hands over as a file. @param reason why nothing can be checked yet; null when it can */
export function ProofFile({ reason, onImported }: { reason: string | null; onImported: (proof: DrillProof) => void }): ReactNode {
  const { t } = useTranslation('security-backups');
  const input = useRef<HTMLInputElement>(null);
  const check = useAction('backups.importProof');
  const [refused, setRefused] = useState<string | null>(null);
  const read = async (file: File | undefined): Promise<void> => {
    if (file === undefined) return;
    // Of what is too large to be a proof only so much is read that main says so.
    const text = (await file.slice(0, largestProof + 1).text()).slice(0, largestProof + 1);
    const proof = await check.run({ text, file: file.name.slice(0, 300) });
    if (proof === null) setRefused(file.name);
    else onImported(proof);
  };
  return (
    <>
      <Button icon="documents" isPending={check.isPending} isDisabled={reason !== null} reason={reason} onPress={() => input.current?.click()} data-testid="backups-import">{t('action.import')}</Button>
      <input ref={input} type="file" accept=".txt,text/plain" hidden aria-label={t('action.import')} data-testid="proof-file" onChange={(event) => { void read(event.currentTarget.files?.[0]); event.currentTarget.value = ''; }} />
      <Dialog isOpen={refused !== null} onClose={() => setRefused(null)} title={t('refused.title', { file: refused ?? '' })} actions={<Button variant="primary" onPress={() => setRefused(null)}>{t('close')}</Button>}>
        {check.error !== null && <ErrorPanel error={check.error} isInline />}
      </Dialog>
    </>
  );
}
