import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { articles, blockerOf, standingOf, type GdprRequest } from '../../../../shared/security/gdpr/request.ts';
import { useAction, useCall } from '../../../bridge/queries.ts';
import { useFormat } from '../../../i18n/format.ts';
import { useMessage } from '../../../i18n/errors.ts';
import { useCommand } from '../../../state/commands.ts';
import { Banner, Button, DefinitionList, ErrorPanel, useNow } from '../../../ui/index.ts';
import { Pane, Section } from '../Pane.tsx';
import { useServerReason } from '../rights.ts';
import { EraseDialog } from './EraseDialog.tsx';
import { FoundTable } from './FoundTable.tsx';
import { StandingMark } from './StandingMark.tsx';
import { StepDialog, type Asked } from './StepDialog.tsx';
import styles from './gdpr.module.css';

type Props = { request: GdprRequest; /** Why the person may do nothing here; null when they may. */ mayAct: string | null; onDiscard: () => void; onClose: () => void };

/** One request: who, until when, what is stored, what was handed out and erased, and every step with its author. */
export function RequestPane({ request, mayAct, onDiscard, onClose }: Props): ReactNode {
  const { t } = useTranslation('security-gdpr');
  const format = useFormat();
  const message = useMessage();
  const now = useNow();
  const features = useCall('gdpr.features', undefined, { staleTime: 60_000 });
  const exportScope = useServerReason('gdpr:export');
  const eraseScope = useServerReason();
  const find = useAction('gdpr.find');
  const exportData = useAction('gdpr.export');
  const certificate = useAction('gdpr.saveCertificate');
  const [asked, setAsked] = useState<Asked | 'erase' | null>(null);
  const [saved, setSaved] = useState<string | null>(null);
  const { id } = request;
  const standing = standingOf(request, now);
  const blocked = (what: Parameters<typeof blockerOf>[1]): string | null => {
    const blocker = blockerOf(request, what, now);
    return mayAct ?? (blocker === null ? null : message({ messageKey: `errors.gdpr.${blocker}`, params: {} }));
  };
  const lacks = (has: boolean | undefined): string | null => (has === false ? t('security:reason.unsupported') : null);
  const cannotExport = blocked('export') ?? exportScope ?? lacks(features.data?.canExport);
  const cannotErase = blocked('erase') ?? eraseScope ?? lacks(features.data?.canErase);
  const cannotAnswer = blocked('answer');
  const save = (work: Promise<{ path: string } | null>): void => void work.then((written) => { if (written !== null) setSaved(written.path); });
  const look = (): void => void find.run({ id });
  useCommand({ id: 'gdpr.find', title: t('action.find'), group: 'document', shortcut: 'F5', isEnabled: mayAct === null, reason: mayAct, run: look });
  useCommand({ id: 'gdpr.answer', title: t('action.answer'), group: 'document', shortcut: 'Ctrl+Enter', isEnabled: cannotAnswer === null, reason: cannotAnswer, run: () => setAsked('answer') });
  const error = find.error ?? exportData.error ?? certificate.error;
  const { answered, identified, extended, exported, erased } = request;
  const by = (mark: { at: number; by: string }): string => t('by', { at: format.dateTime(mark.at), name: mark.by });
  return (
    <Pane title={t('title', { kind: t(`kind.${request.kind}`), name: request.name })} marks={<StandingMark standing={standing} />} onClose={onClose} data-testid="gdpr-request">
      {error !== null && <ErrorPanel error={error} isInline />}
      {saved !== null && <Banner tone="success">{t('saved', { path: saved })}</Banner>}
      {features.data?.isAudited === false && <Banner tone="warning">{t('notAudited')}</Banner>}
      <DefinitionList items={[
        { label: t('column.kind'), value: `${t(`kind.${request.kind}`)} (${t('article', { number: articles[request.kind] })})` },
        { label: t('column.reference'), value: request.reference },
        { label: t('column.received'), value: `${format.date(request.receivedOn)}, ${t(`channel.${request.channel}`)}` },
        { label: t('column.due'), value: `${format.date(standing.due)}${extended === null ? '' : ` (${t('extendedBy', { reason: extended.reason })})`}` },
        { label: t('new.contact'), value: request.contact === '' ? null : request.contact },
        { label: t('identity'), value: identified === null ? t('identityOpen') : `${identified.how} (${by(identified)})` },
        ...(answered === null ? [] : [{ label: t('answer'), value: `${t(`answers.${answered.answer}`)} (${by(answered)})` }]),
      ]} />
      <div className={styles.buttons}>
        {answered === null ? (
          <>
            <Button icon="user" variant={identified === null ? 'primary' : 'default'} isDisabled={blocked('identify') !== null} reason={blocked('identify')} onPress={() => setAsked('identify')} data-testid="gdpr-identify">{t('action.identify')}</Button>
            <Button icon="clock" isDisabled={blocked('extend') !== null} reason={blocked('extend')} onPress={() => setAsked('extend')}>{t('action.extend')}</Button>
            <Button icon="check" shortcut="Ctrl+Enter" isDisabled={cannotAnswer !== null} reason={cannotAnswer} onPress={() => setAsked('answer')} data-testid="gdpr-answer">{t('action.answer')}</Button>
          </>
        ) : <Button icon="undo" isDisabled={mayAct !== null} reason={mayAct} onPress={() => setAsked('reopen')}>{t('action.reopen')}</Button>}
        <Button icon="edit" isDisabled={mayAct !== null} reason={mayAct} onPress={() => setAsked('note')}>{t('action.note')}</Button>
        <Button icon="trash" variant="quiet" isDisabled={blocked('discard') !== null} reason={blocked('discard')} onPress={onDiscard}>{t('action.discard')}</Button>
      </div>
      <Section title={t('found.title')} actions={<Button icon="search" shortcut="F5" isPending={find.isPending} isDisabled={mayAct !== null} reason={mayAct} onPress={look} data-testid="gdpr-find">{t('action.find')}</Button>}>
        {request.found === null ? <p className={styles.muted}>{t('found.none')}</p> : <FoundTable found={request.found} />}
      </Section>
      <Section title={t('export.title')} actions={<Button icon="archive" isPending={exportData.isPending} isDisabled={cannotExport !== null} reason={cannotExport} onPress={() => save(exportData.run({ id, suggestedName: t('export.fileName', { reference: request.reference }) }))} data-testid="gdpr-export">{t('action.export')}</Button>}>
        {exported === null ? <p className={styles.muted}>{cannotExport ?? t('export.none')}</p> : (
          <p>{t('export.done', { documents: format.integer(exported.documents), entries: format.integer(exported.auditEntries), copies: format.integer(exported.archives) })} ({by(exported)})<br /><span className={styles.muted}>SHA-256</span> <span className={styles.digest}>{exported.sha256}</span></p>
        )}
      </Section>
      {(request.kind === 'erasure' || request.kind === 'objection') && (
        <Section title={t('erase.title')} actions={erased === null
          ? <Button icon="trash" variant="danger" isDisabled={cannotErase !== null} reason={cannotErase} onPress={() => setAsked('erase')} data-testid="gdpr-erase">{t('action.erase')}</Button>
          : <Button icon="archive" isPending={certificate.isPending} onPress={() => save(certificate.run({ id, suggestedName: t('erase.fileName', { reference: request.reference }) }))} data-testid="gdpr-certificate">{t('action.certificate')}</Button>}
        >
          {erased === null ? <p className={styles.muted}>{request.erasedThere === null ? cannotErase ?? t('erase.none') : t('erase.begun', { at: format.dateTime(request.erasedThere.at) })}</p> : (
            <p data-testid="gdpr-erased">{erased.anonymized === null ? t('erase.doneUncounted') : t('erase.done', { count: erased.anonymized })} {t('erase.here', { documents: format.integer(erased.documentsReread), dropped: format.integer(erased.documentsDropped), drafts: format.integer(erased.draftsDiscarded) })} ({by(erased)})</p>
          )}
        </Section>
      )}
      <Section title={t('steps.title')}>
        <ol className={styles.steps}>
          {request.steps.toReversed().map((step, index) => (
            <li key={`${step.at} ${step.what} ${index}`}>
              <time dateTime={new Date(step.at).toISOString()}>{format.dateTime(step.at)}</time>
              <div>{t(`step.${step.what}`)} · {step.by}{step.note !== '' && <div className={styles.note}>{step.note}</div>}</div>
            </li>
          ))}
        </ol>
      </Section>
      {asked === 'erase' && <EraseDialog request={request} onClose={() => setAsked(null)} />}
      {asked !== null && asked !== 'erase' && <StepDialog request={request} asked={asked} onClose={() => setAsked(null)} />}
    </Pane>
  );
}
