import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { everything, type AuditFilter, type AuditView } from '../../../shared/domain/audit.ts';
import { useAction, useCall } from '../../bridge/queries.ts';
import { Button, ErrorPanel, Icon, IconButton, PopoverButton, showToast, TextField } from '../../ui/index.ts';
import { isSameFilter, type ChangeFilter } from './filter.ts';
import styles from './views.module.css';

/** What reviewers ask first. `needsLog`: a server that signs nothing writes down nothing about it. */
const usual: readonly { id: string; part: Partial<AuditFilter>; needsLog: boolean }[] = [
  { id: 'refused', part: { outcome: 'refused' }, needsLog: true },
  { id: 'failedLogins', part: { action: 'login', outcome: 'refused' }, needsLog: true },
  { id: 'admin', part: { role: 'admin' }, needsLog: true },
  { id: 'outside', part: { hours: 'outside' }, needsLog: false },
];

/** Filters with a name: the usual ones, and those that the person has made. */
export function ViewsMenu({ filter, isSigned, onChange }: { filter: AuditFilter; isSigned: boolean; onChange: ChangeFilter }): ReactNode {
  const { t } = useTranslation('audit');
  const views = useCall('audit.views', undefined);
  const save = useAction('audit.saveView');
  const remove = useAction('audit.removeView');
  const [name, setName] = useState('');
  const own = views.data ?? [];
  const current = own.find((view) => isSameFilter(view.filter, filter))?.name ?? usual.map(({ id, part }) => ({ name: t(`views.${id}`), filter: { ...everything, ...part } })).find((view) => isSameFilter(view.filter, filter))?.name;
  const closed = isSameFilter(filter, everything) ? t('views.nothing') : name.trim() === '' ? t('views.nameNeeded') : null;
  const keep = (view: AuditView): void => void save.run(view).then((done) => { if (done !== null) { setName(''); views.refetch(); } });
  const drop = (view: AuditView): void => void remove.run({ name: view.name }).then((done) => {
    if (done === null) return;
    views.refetch();
    showToast({ title: t('views.removed', { name: view.name }), action: { label: t('views.undo'), run: () => keep(view) } });
  });
  return (
    <PopoverButton label={t('views.title')} placement="bottom start" width={320} data-testid="audit-views" trigger={<><Icon name="filter" />{current ?? t('views.title')}<Icon name="chevronDown" /></>}>
      {(close) => {
        const use = (part: Partial<AuditFilter>): void => { onChange({ ...everything, ...part }); close(); };
        return (
          <div className={styles.views}>
            <h2>{t('views.usual')}</h2>
            <ul>{usual.map(({ id, part, needsLog }) => <li key={id}><Button variant="quiet" isDisabled={needsLog && !isSigned} reason={needsLog && !isSigned ? t('views.unsigned') : null} onPress={() => use(part)} data-testid={`view-${id}`}>{t(`views.${id}`)}</Button></li>)}</ul>
            <h2>{t('views.own')}</h2>
            {own.length === 0 ? <p>{t('views.none')}</p> : (
              <ul>{own.map((view) => <li key={view.name}><Button variant="quiet" onPress={() => use(view.filter)}>{view.name}</Button><IconButton icon="trash" label={t('views.remove', { name: view.name })} onPress={() => drop(view)} /></li>)}</ul>
            )}
            <form className={styles.save} onSubmit={(event) => { event.preventDefault(); if (closed === null) keep({ name: name.trim(), filter }); }}>
              <TextField label={t('views.name')} value={name} onChange={setName} maxLength={60} data-testid="view-name" />
              <Button isDisabled={closed !== null} reason={closed} isPending={save.isPending} onPress={() => keep({ name: name.trim(), filter })} data-testid="view-save">{t('views.save')}</Button>
            </form>
            {[views.error, save.error, remove.error].map((error, at) => error !== null && <ErrorPanel key={at} error={error} isInline />)}
          </div>
        );
      }}
    </PopoverButton>
  );
}
