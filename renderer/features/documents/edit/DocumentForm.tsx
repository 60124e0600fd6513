import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { documentTypeInfo } from '../../../../shared/domain/document-types.ts';
import { draftTotals, filledLines, maxLines, toDocument } from '../../../../shared/domain/draft-document.ts';
import type { DocumentRecord } from '../../../../shared/domain/document.ts';
import type { Account } from '../../../../shared/domain/session.ts';
import type { WorkflowState } from '../../../../shared/domain/workflow.ts';
import { useFormat } from '../../../i18n/format.ts';
import { Banner, Button, ErrorPanel } from '../../../ui/index.ts';
import { DocumentSheet } from '../detail/DocumentSheet.tsx';
import { Totals } from '../detail/Totals.tsx';
import { FormBar } from './FormBar.tsx';
import { HeaderFields } from './HeaderFields.tsx';
import { LinesFoot } from './LinesFoot.tsx';
import { LinesGrid } from './LinesGrid.tsx';
import type { Look } from './Versions.tsx';
import { leave } from './store.ts';
import { useDiscard } from './discarded.ts';
import { useForm } from './useForm.ts';
import type { Problem } from './problems.ts';
import { sendDraft } from './send.ts';
import { useStableCall, useStableValue } from './useStable.ts';
import { patch, useWorking, type Working } from './working.ts';
import styles from './form.module.css';

export type DocumentFormProps = {
  working: Working;
  account: Account;
  /** Of the document that it changes. Once that was submitted nothing of the draft can be sent. */
  state?: WorkflowState;
  /** The server has it now, or it waits in the outbox. */
  onSent: (record: DocumentRecord | null) => void;
  /** The form was left. */
  onLeft: () => void;
  /** Brings the form into sight, when something in it is to be looked at. */
  onShow?: () => void;
  /** Where bar and form stand: the bar takes the place of the actions, so that nothing jumps when editing begins. */
  children: (bar: ReactNode, body: ReactNode) => ReactNode;
};

const none: readonly Problem[] = [];
const nothing: ReadonlyMap<number, never> = new Map<number, never>();

/** A document being written: header, lines and totals in the place where they are read. */
export function DocumentForm({ working, account, state = 'draft', onSent, onLeft, onShow, children }: DocumentFormProps): ReactNode {
  const { t } = useTranslation('documents');
  const format = useFormat();
  const { id, content } = working;
  const model = useForm(working, account, state);
  const discard = useDiscard(id);
  const [look, setLook] = useState<Look | null>(null);
  const form = useRef<HTMLDivElement>(null);
  const scroller = useRef<HTMLDivElement>(null);

  const { wanted } = model;
  useEffect(() => {
    if (wanted === null) return;
    onShow?.();
    if (wanted.path.startsWith('lines.')) return;
    form.current?.querySelector<HTMLElement>(`[data-path="${CSS.escape(wanted.path)}"] :is(input, textarea, button)`)?.focus();
  }, [wanted]);

  const send = async (submit: boolean): Promise<void> => {
    // The cell being typed in becomes a value before anything is judged, and gets the cursor back when there is more to do.
    const field = document.activeElement instanceof HTMLElement ? document.activeElement : null;
    field?.blur();
    patch(id, { attempted: true });
    const [first] = model.judge(useWorking.getState().drafts[id]?.content ?? content);
    if (first !== undefined) return model.goTo(first.path);
    if ((submit ? model.outlook.submit : model.outlook.send) !== null) return;
    const sent = await sendDraft(id, submit);
    if (sent === null) field?.focus();
    else onSent(sent.status === 'stored' ? sent.record : null);
  };
  const onSend = useStableCall((submit: boolean) => void send(submit));
  const onLeave = useStableCall(() => (look === null ? void leave(id).then(onLeft) : setLook(null)));
  const onDiscard = useStableCall(() => void discard.run().then((isGone) => { if (isGone) onLeft(); }));
  const onUndo = useStableCall(() => model.travel('undo'));
  const onRedo = useStableCall(() => model.travel('redo'));

  const hasLines = documentTypeInfo[content.type].hasLines;
  const bar = (
    <FormBar
      id={id} isSending={working.isSending} canUndo={working.history.past.length > 0} canRedo={working.history.future.length > 0} error={working.error} elsewhereAt={working.elsewhere?.savedAt ?? null}
      outlook={useStableValue(model.outlook)} open={useStableValue(working.attempted ? model.problems : none)} onSend={onSend} onLeave={onLeave} onDiscard={onDiscard} onUndo={onUndo} onRedo={onRedo} onGo={model.goTo} onLook={setLook}
    />
  );
  const unreadable = useStableValue(model.unreadable);
  const body = look === null ? (
    <div className={styles.form}>
      <div ref={scroller} className={styles.scroll}>
        <HeaderFields header={content} baseStatus={working.base?.document.status ?? null} spec={model.spec} errors={model.errors} change={model.change} visit={model.visit} />
        {hasLines && <LinesGrid lines={content.lines} notes={model.notes} scroller={scroller} change={model.change} visit={model.visit} paste={model.paste} wanted={wanted} />}
      </div>
      {hasLines && <LinesFoot unreadable={unreadable} notice={working.notice} isFull={filledLines(content).length >= maxLines} onGo={model.goTo} onUndo={onUndo} />}
      <Totals totals={draftTotals(content)} note={model.errors.get('totals') ?? (hasLines ? t('line.count', { count: filledLines(content).length }) : undefined)} />
    </div>
  ) : (
    <div className={styles.form} data-testid="version-view">
      <Banner tone="accent" icon="history" action={<><Button variant="primary" icon="undo" onPress={() => { model.change({ type: 'replace', content: look.content }); setLook(null); }} data-testid="bring-back">{t('versions.bringBack')}</Button><Button onPress={() => setLook(null)}>{t('versions.close')}</Button></>}>
        {t('versions.looking', { time: format.moment(look.savedAt) })}
      </Banner>
      <div className={styles.look}><DocumentSheet record={{ document: toDocument(look.content), workflow: null, etag: null, changedAt: null, fetchedAt: look.savedAt }} findings={nothing} /></div>
    </div>
  );
  return (
    <div ref={form} className={styles.contents} data-testid="document-form" data-draft={id}>
      {children(<>{bar}{discard.error !== null && <div className={styles.messages}><ErrorPanel error={discard.error} isInline /></div>}</>, body)}
    </div>
  );
}
