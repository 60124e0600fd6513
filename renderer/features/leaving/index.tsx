import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { isAnythingOnlyHere, type OnlyHere } from '../../../shared/domain/only-here.ts';
import { call } from '../../bridge/call.ts';
import { useAction } from '../../bridge/queries.ts';
import { addTexts } from '../../i18n/index.ts';
import { useLeaving, type Leaving } from '../../state/leaving.ts';
import { Button, Dialog, ErrorPanel } from '../../ui/index.ts';
import styles from './leaving.module.css';

addTexts(import.meta.glob<Record<string, string>>('../../../resources/locales/*/leaving.json', { eager: true, import: 'default' }));

/**
 * Says what would be gone, and asks. @param asked what is about to happen @param canWork whether the screens are there that show and save it
 */
export default function LeavingDialog({ asked, canWork }: { asked: Leaving; canWork: boolean }): ReactNode {
  const { t } = useTranslation('leaving');
  const navigate = useNavigate();
  const save = useAction('outbox.export');
  const [path, setPath] = useState<string | null>(null);
  const { way, mine, others, go } = asked;
  const stay = (): void => useLeaving.setState({ asked: null });
  // From here on the app waits for the person; until this is on screen it would end by itself.
  useEffect(() => { if (way === 'quit') void call('quit.shown').catch(() => undefined); }, [asked, way]);
  const hasMine = isAnythingOnlyHere(mine);
  return (
    <Dialog isOpen isModal onClose={stay} size="medium" title={t(`${way}.title`)} actions={<>
      {canWork && hasMine && <Button onPress={() => { stay(); void navigate(mine.documents + mine.decisions > 0 ? '/outbox' : '/overview'); }} data-testid="leaving-look">{t('look')}</Button>}
      {canWork && hasMine && <Button icon="archive" isPending={save.isPending} onPress={() => void save.run().then((saved) => saved !== null && setPath(saved.path))} data-testid="leaving-export">{t('export')}</Button>}
      <Button autoFocus onPress={stay} data-testid="leaving-stay">{t(`${way}.stay`)}</Button>
      <Button variant="danger" onPress={() => { stay(); void go(); }} data-testid="leaving-go">{t(`${way}.go`)}</Button>
    </>}>
      <div className={styles.texts} data-testid="leaving">
        <p>{t(`${way}.why`)}</p>
        {hasMine && <Counts of={mine} />}
        {isAnythingOnlyHere(others) && <><p>{t(hasMine ? 'othersToo' : 'others')}</p><Counts of={others} /></>}
        {path !== null && <p role="status">{t('exported', { path })}</p>}
        {save.error !== null && <ErrorPanel error={save.error} isInline />}
      </div>
    </Dialog>
  );
}

function Counts({ of }: { of: OnlyHere }): ReactNode {
  const { t } = useTranslation('leaving');
  const parts = ['drafts', 'documents', 'decisions'] as const;
  return <ul>{parts.filter((part) => of[part] > 0).map((part) => <li key={part}>{t(`count.${part}`, { count: of[part] })}</li>)}</ul>;
}
