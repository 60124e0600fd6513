import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { lessonFields, type Incident } from '../../../../../shared/security/incidents/incident.ts';
import { postMortemOf, type PostMortem } from '../../../../../shared/security/incidents/post-mortem.ts';
import { useAction } from '../../../../bridge/queries.ts';
import { useFormat } from '../../../../i18n/format.ts';
import { Banner, Button, ErrorPanel, TextArea } from '../../../../ui/index.ts';
import { Section } from '../../Pane.tsx';
import type { TabProps } from '../IncidentDetail.tsx';
import { namespace, useTell } from '../words.ts';
import styles from '../incidents.module.css';

/** Builds the report in the language on screen. */
function useReport(): (incident: Incident) => PostMortem {
  const { t } = useTranslation(namespace);
  const format = useFormat();
  const tell = useTell();
  return (incident) => postMortemOf(incident, Date.now(), { t: (key, params) => t(key, params ?? {}), when: format.dateTime, tell });
}

/** Looking back: what was learnt, what follows from it, and the report as a file. */
export function AfterTab({ stored: { incident }, doing, reason }: TabProps): ReactNode {
  const { t } = useTranslation(namespace);
  const format = useFormat();
  const report = useReport();
  const save = useAction('incidents.savePostMortem');
  const [saved, setSaved] = useState<string | null>(null);
  const write = (file: 'md' | 'pdf'): void => {
    setSaved(null);
    const name = `${t('report.fileName')}-${new Date(incident.detectedAt).toISOString().slice(0, 10)}-${incident.id.slice(0, 8)}`;
    void save.run({ id: incident.id, format: file, language: format.language, report: report(incident), emptyText: t('none'), foot: t('report.foot', { when: format.dateTime(Date.now()) }), suggestedName: incident.isExercise ? `${t('exercise.badge')}-${name}` : name }).then((written) => { if (written !== null) setSaved(written.path); });
  };
  const why = reason ?? (incident.closed === null ? t('errors:incident.notClosed') : incident.lessons.summary === '' || incident.lessons.cause === '' ? t('errors:incident.noPostMortem') : null);
  return (
    <div className={styles.padded}>
      <Section title={t('lessons')} actions={<>
        <Button icon="documents" isPending={save.isPending} onPress={() => write('md')} data-testid="post-mortem-md">{t('report.markdown')}</Button>
        <Button icon="documents" isPending={save.isPending} onPress={() => write('pdf')} data-testid="post-mortem-pdf">{t('report.pdf')}</Button>
        {incident.postMortem === null && <Button variant="primary" icon="check" isDisabled={why !== null} reason={why} isPending={doing.isPending} onPress={() => void doing.obey({ do: 'postMortem' })} data-testid="post-mortem-done">{t('report.finish')}</Button>}
      </>}>
        {incident.postMortem !== null && <Banner tone="success" data-testid="post-mortem-finished">{t('report.finished', { by: incident.postMortem.by, when: format.dateTime(incident.postMortem.at) })}</Banner>}
        {incident.closed === null && <p className={styles.muted}>{t('report.beforeClose')}</p>}
        {saved !== null && <Banner tone="success" onDismiss={() => setSaved(null)}>{t('saved', { path: saved })}</Banner>}
        {save.error !== null && <ErrorPanel error={save.error} isInline />}
        <div className={styles.lessons}>
          {lessonFields.map((field) => <Lesson key={`${field} ${incident.lessons[field]}`} field={field} value={incident.lessons[field]} isDisabled={reason !== null || incident.postMortem !== null} onSave={(value) => void doing.obey({ do: 'lesson', field, value })} />)}
        </div>
        <p className={styles.muted}>{t('lessonsHint')}</p>
      </Section>
    </div>
  );
}

/** Stored when the field is left. */
function Lesson({ field, value, isDisabled, onSave }: { field: (typeof lessonFields)[number]; value: string; isDisabled: boolean; onSave: (value: string) => void }): ReactNode {
  const { t } = useTranslation(namespace);
  const [text, setText] = useState(value);
  return (
    <TextArea label={t(`lesson.${field}`)} value={text} onChange={setText} onBlur={() => { if (text.trim() !== value) onSave(text.trim()); }} rows={6} maxLength={10_000} isDisabled={isDisabled} data-testid={`lesson-${field}`} />
  );
}
