import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Decision, OutboxCommand } from '../../../shared/domain/outbox.ts';
import type { WorkflowState } from '../../../shared/domain/workflow.ts';
import { Banner, Button, type Tone } from '../../ui/index.ts';
import { useWords } from '../documents/words.ts';
import { addressOf, addressOfDraft } from './address.ts';
import type { Resolved } from './ConflictPane.tsx';
import { useDone } from './useDone.ts';

/** What the last thing that was done here led to. */
export type Outcome =
  | { kind: 'resolved'; command: OutboxCommand; result: Resolved }
  | { kind: 'decided'; decision: Decision; state: WorkflowState | null }
  | { kind: 'exported'; path: string };

type Said = { tone: Tone; text: string; link: string | null; /** A discarded draft that can come back. */ discarded: string | null };

/** The result of an action, at the top of the screen where it was taken; it stays until it is dismissed or replaced. */
export function OutcomeBanner({ outcome, onDismiss }: { outcome: Outcome; onDismiss: () => void }): ReactNode {
  const { t } = useTranslation('outbox');
  const words = useWords();
  const restore = useDone('drafts.restore');
  const say = (): Said => {
    if (outcome.kind === 'exported') return { tone: 'success', text: t('outcome.exported', { path: outcome.path }), link: null, discarded: null };
    if (outcome.kind === 'decided') {
      const { key } = outcome.decision;
      return outcome.state === null
        ? { tone: 'neutral', text: t('outcome.dropped', { number: key.number }), link: addressOf(key), discarded: null }
        : { tone: 'success', text: t('outcome.decided', { number: key.number, state: words.state(outcome.state) }), link: addressOf(key), discarded: null };
    }
    const { result, command: { key, draftId } } = outcome;
    const { number } = key;
    if (result.kind === 'theirs') return { tone: 'neutral', text: t('outcome.theirs', { number }), link: addressOf(key), discarded: draftId };
    if (result.kind === 'newDraft') return { tone: 'success', text: t('outcome.newDraft', { number }), link: addressOfDraft(result.draftId), discarded: null };
    if (result.outcome.status === 'stored') return { tone: 'success', text: t('outcome.stored', { number }), link: addressOf(key), discarded: null };
    return result.outcome.command.state === 'conflict' ? { tone: 'warning', text: t('outcome.again', { number }), link: null, discarded: null } : { tone: 'neutral', text: t('outcome.queued', { number }), link: null, discarded: null };
  };
  const { tone, text, link, discarded } = say();
  const bringBack = async (): Promise<void> => {
    if (discarded !== null && await restore.run({ id: discarded })) onDismiss();
  };
  return (
    <Banner
      tone={tone} onDismiss={onDismiss} data-testid="outcome"
      action={discarded === null ? undefined : <Button icon="undo" isPending={restore.isPending} onPress={() => void bringBack()}>{t('outcome.restore')}</Button>}
    >
      {text} {link !== null && <Link to={link}>{t(outcome.kind === 'resolved' && outcome.result.kind === 'newDraft' ? 'action.openDraft' : 'action.open')}</Link>}
      {restore.error !== null && ` ${t('outcome.notRestored')}`}
    </Banner>
  );
}
