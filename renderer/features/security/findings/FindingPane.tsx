import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { TFunction } from 'i18next';
import type { Finding, FindingSource } from '../../../../shared/security/findings/finding.ts';
import { dueDays } from '../../../../shared/security/findings/severity.ts';
import { useCall } from '../../../bridge/queries.ts';
import { useFormat } from '../../../i18n/format.ts';
import { Badge, Button, DefinitionList, ErrorPanel, Skeleton, useNow } from '../../../ui/index.ts';
import { Pane, Section } from '../Pane.tsx';
import { SourceMark } from '../SourceMark.tsx';
import { SeverityMark, StatusMark } from './Marks.tsx';
import styles from './findings.module.css';

type Place = FindingSource['places'][number];

export type FindingPaneProps = { id: number; mayAct: string | null; onAccept: (finding: Finding) => void; onUnaccept: (finding: Finding) => void; onClose: () => void };

/** One finding: why it is this bad, where, who says so, how to be rid of it, and what happened with it. */
export function FindingPane({ id, mayAct, onAccept, onUnaccept, onClose }: FindingPaneProps): ReactNode {
  const { t } = useTranslation('security-findings');
  const { data, error, refetch, isSlow } = useCall('findings.get', { id }, { keepPrevious: false });
  if (error !== null) return <Pane title={t('pane.title')} onClose={onClose}><ErrorPanel error={error} onRetry={refetch} isInline /></Pane>;
  if (data === undefined) return <Pane title={t('pane.title')} onClose={onClose}>{isSlow && <Skeleton />}</Pane>;
  if (data === null) return <Pane title={t('pane.title')} onClose={onClose}><p>{t('pane.gone')}</p></Pane>;
  return <Shown finding={data} mayAct={mayAct} onAccept={onAccept} onUnaccept={onUnaccept} onClose={onClose} />;
}

function Shown({ finding, mayAct, onAccept, onUnaccept, onClose }: { finding: Finding } & Omit<FindingPaneProps, 'id'>): ReactNode {
  const { t } = useTranslation('security-findings');
  const format = useFormat();
  const now = useNow();
  const { status, severity, acceptance, sources, dueAt } = finding;
  const seeing = sources.filter(({ present }) => present);
  const decisive = (seeing.length > 0 ? seeing : sources).find((source) => source.severity === severity);
  const days = dueDays[severity];
  const fixes = [...new Set(sources.flatMap(({ fix }) => fix ?? []))];
  return (
    <Pane title={finding.title} marks={<><SeverityMark severity={severity} /><StatusMark status={status} /></>} onClose={onClose} data-testid="finding">
      <div className={styles.buttons}>
        {status === 'open' && <Button icon="check" shortcut="A" isDisabled={mayAct !== null} reason={mayAct} onPress={() => onAccept(finding)} data-testid="finding-accept">{t('action.accept')}</Button>}
        {status === 'accepted' && <Button icon="undo" shortcut="U" isDisabled={mayAct !== null} reason={mayAct} onPress={() => onUnaccept(finding)} data-testid="finding-unaccept">{t('action.unaccept')}</Button>}
        {dueAt !== null && dueAt < now && <Badge tone="danger" icon="clock">{t('overdueSince', { when: format.date(dueAt) })}</Badge>}
      </div>
      {finding.description !== '' && <p className={styles.words}>{finding.description}</p>}
      <Section title={t('pane.why')}>
        <p>{decisive !== undefined && reasonText(decisive, t)}</p>
        <p className={styles.muted}>{days === null ? t('pane.noDue') : t('pane.due', { days, severity: t(`severity.${severity}`) })}{dueAt !== null && ` ${t('pane.dueOn', { when: format.date(dueAt) })}`}</p>
      </Section>
      {acceptance !== null && (
        <Section title={t('pane.acceptance')}>
          <p>{acceptance.reason}</p>
          <p className={styles.muted}>{t('pane.acceptedBy', { by: acceptance.by, at: format.dateTime(acceptance.at), until: format.date(acceptance.until) })}</p>
        </Section>
      )}
      <Section title={t('pane.fix')}>
        <p>{fixes.length > 0 ? fixes.join(' · ') : t('pane.noFix')}</p>
      </Section>
      <Section title={t('pane.where')}>
        <ul className={styles.places}>{places(sources).map((place) => <li key={placeLine(place)}><code>{placeLine(place)}</code>{place.component !== null && place.file !== null && <span className={styles.muted}> {t('pane.in', { file: place.file })}</span>}{place.layer !== null && <span className={styles.muted}> {t('pane.layer', { layer: place.layer.slice(0, 19) })}</span>}</li>)}</ul>
      </Section>
      <Section title={t('pane.sources')}>
        <table className={styles.table}>
          <thead><tr><th scope="col">{t('source.tool')}</th><th scope="col">{t('source.target')}</th><th scope="col">{t('source.severity')}</th><th scope="col">{t('source.seen')}</th></tr></thead>
          <tbody>
            {sources.map((source) => (
              <tr key={`${source.tool} ${source.kind} ${source.target ?? ''} ${source.part}`}>
                <th scope="row">{source.tool} <SourceMark source={source.tool === 'server' ? 'claimed' : 'imported'} />{source.rule !== null && <span className={styles.note}>{source.rule}</span>}{source.statement !== null && <span className={styles.note}>{t(`statement.${source.statement.state}`)}{source.statement.detail !== '' && `: ${source.statement.detail}`}</span>}</th>
                <td>{source.target ?? t('source.noTarget')}<span className={styles.note}>{t(`kind.${source.kind}`)}{source.part !== '' && ` · ${source.part}`}</span></td>
                <td>{t(`severity.${source.severity}`)}<span className={styles.note}>{reasonText(source, t, false)}</span></td>
                <td className={styles.figure}>{format.date(source.lastSeen)}{!source.present && <span className={styles.note}>{t('source.gone')}</span>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Section>
      <Section title={t('pane.names')}>
        <DefinitionList items={[
          ...(finding.ids.length > 0 ? [{ label: t('pane.ids'), value: finding.ids.join(', ') }] : []), ...(finding.cwes.length > 0 ? [{ label: 'CWE', value: finding.cwes.map((cwe) => `CWE-${cwe}`).join(', ') }] : []),
          { label: t('column.firstSeen'), value: format.dateTime(finding.firstSeen) }, { label: t('pane.lastSeen'), value: format.dateTime(finding.lastSeen) },
        ]} />
      </Section>
      <Section title={t('pane.history')}>
        <ol className={styles.steps}>
          {finding.events.map((event, at) => <li key={`${event.at}-${event.what}-${at}`}><time dateTime={new Date(event.at).toISOString()}>{format.dateTime(event.at)}</time><span>{t(`event.${event.what}`)}{event.by !== null && ` · ${event.by}`}{event.note !== '' && <span className={styles.note}>{event.note}</span>}</span></li>)}
        </ol>
      </Section>
    </Pane>
  );
}

function reasonText({ reason }: Pick<FindingSource, 'reason'>, t: TFunction<'security-findings'>, withVector = true): string {
  if (reason.kind === 'cvss') return `${t('reason.cvss', { score: reason.score.toFixed(1) })}${reason.vector === null || !withVector ? '' : ` · ${reason.vector}`}`;
  return t(`reason.${reason.note}`, { word: reason.word });
}

/** Where it is, each place once. */
function places(sources: readonly FindingSource[]): Place[] {
  const found = new Map<string, Place>();
  for (const place of sources.flatMap((source) => source.places)) if (!found.has(placeLine(place))) found.set(placeLine(place), place);
  return [...found.values()].slice(0, 60);
}

function placeLine({ component, file, line, url, parameter }: Place): string {
  if (component !== null) return `${component.ecosystem === 'unknown' ? '' : `${component.ecosystem}:`}${component.name}${component.version === null ? '' : `@${component.version}`}`;
  if (url !== null) return parameter === null ? url : `${url} · ${parameter}`;
  return `${file ?? ''}${line === null ? '' : `:${line}`}`;
}
