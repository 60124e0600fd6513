import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { progressOf, rateOf, type Campaign, type Checklist, type ItemStanding } from '../../../../shared/security/checklists/list.ts';
import { useAction } from '../../../bridge/queries.ts';
import { useFormat } from '../../../i18n/format.ts';
import { ErrorPanel, Icon, IconButton, showToast } from '../../../ui/index.ts';
import { Pane, Section } from '../Pane.tsx';
import styles from './checklists.module.css';

type Props = { list: Checklist; known: readonly { list: Checklist; standings: readonly ItemStanding[] }[]; /** Null where the list has none. */ campaigns: readonly Campaign[] | null; language: 'de' | 'en'; mayAct: string | null; onShow: (list: string) => void };

/** What the list covers, its campaigns, and how far every list has come. */
export function ListPane({ list, known, campaigns, language, mayAct, onShow }: Props): ReactNode {
  const { t } = useTranslation('security-checklists');
  const format = useFormat();
  const remove = useAction('checklists.removeCampaign');
  const put = useAction('checklists.saveCampaign');
  const takeOut = (campaign: Campaign): void => void remove.run({ id: campaign.id }).then((done) => {
    if (done !== null) showToast({ title: t('campaigns.removed', { title: campaign.title }), action: { label: t('undo'), run: () => void put.run(campaign) } });
  });
  const error = remove.error ?? put.error;
  return (
    <Pane title={list.title[language]} data-testid="checklist-overview">
      {error !== null && <ErrorPanel error={error} isInline />}
      <p className={styles.lead}>{list.scope[language]} {t('progress.choose')}</p>
      {campaigns !== null && (
        <Section title={t('campaigns.title')}>
          <div className={styles.scroll} tabIndex={0} role="group" aria-label={t('campaigns.title')}>
            <table className={styles.plain} aria-label={t('campaigns.title')} data-testid="campaigns">
              <thead><tr><th scope="col">{t('campaign.heldOn')}</th><th scope="col">{t('campaign.title')}</th><th scope="col" className={styles.end}>{t('campaign.rate')}</th><th scope="col" className={styles.end}>{t('campaign.reported')}</th><td /></tr></thead>
              <tbody>
                {campaigns.map((campaign) => (
                  <tr key={campaign.id}>
                    <td>{format.date(campaign.heldOn)}</td><td>{campaign.title}<div className={styles.muted}>{t(`campaign.${campaign.kind}`)}, {t(campaign.kind === 'training' ? 'campaign.took' : 'campaign.clicked')}</div></td>
                    <td className={styles.end}>{t('percent', { value: format.decimal(String(Math.round(rateOf(campaign) * 1000) / 10)) })}<div className={styles.muted}>{t('progress.of', { settled: format.integer(campaign.counted), of: format.integer(campaign.invited) })}</div></td>
                    <td className={styles.end}>{campaign.kind === 'training' ? '–' : format.integer(campaign.reported)}</td>
                    <td><IconButton icon="trash" label={t('campaigns.remove', { title: campaign.title })} isDisabled={mayAct !== null} reason={mayAct} onPress={() => takeOut(campaign)} /></td>
                  </tr>
                ))}
                {campaigns.length === 0 && <tr><td colSpan={5} className={styles.muted}>{t('campaigns.none')}</td></tr>}
              </tbody>
            </table>
          </div>
          <p className={styles.muted}>{t('campaigns.local')}</p>
        </Section>
      )}
      <Section title={t('progress.title')}>
        <table className={styles.plain} aria-label={t('progress.title')}>
          <thead><tr><th scope="col">{t('list')}</th><th scope="col" className={styles.end}>{t('progress.settled')}</th><th scope="col" className={styles.end}>{t('progress.overdue')}</th></tr></thead>
          <tbody>
            {known.map(({ list: one, standings }) => {
              const { settled, of, overdue } = progressOf(standings);
              return (
                <tr key={one.id} aria-current={one.id === list.id ? 'true' : undefined}>
                  <td><button type="button" className={styles.linkButton} onClick={() => onShow(one.id)}>{one.title[language]}</button></td>
                  <td className={styles.end}>{t('progress.of', { settled, of })}</td>
                  <td className={styles.end}>{overdue > 0 ? <span className={styles.overdue}><Icon name="clock" className={styles.sign} />{format.integer(overdue)}</span> : '–'}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </Section>
    </Pane>
  );
}
