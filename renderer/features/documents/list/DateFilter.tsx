import { useState, type ReactNode } from 'react';
import { Button as AriaButton, Dialog, DialogTrigger, Popover } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../../i18n/format.ts';
import { Button, cx, DateField, Icon } from '../../../ui/index.ts';
import { datePresets, type ListFilters } from './filters.ts';
import styles from './filters.module.css';

type DateChoice = ListFilters['date'];

/** The document date: a preset that moves with the calendar, or two days. */
export function DateFilter({ value, onChange }: { value: DateChoice; onChange: (value: DateChoice) => void }): ReactNode {
  const { t } = useTranslation('documents');
  const format = useFormat();
  const [isOpen, setOpen] = useState(false);
  const label = t('filter.date');
  const day = (text: string | null): string => (text === null ? '…' : format.date(text));
  const shown = value === null ? null : value.preset === 'custom' ? `${day(value.from)} – ${day(value.to)}` : t(`preset.${value.preset}`);
  const custom = (change: { from?: string | null; to?: string | null }): void => {
    const next = { from: value?.from ?? null, to: value?.to ?? null, ...change };
    onChange(next.from === null && next.to === null ? null : { preset: 'custom', ...next });
  };
  return (
    <div className={cx(styles.chip, value !== null && styles.active)}>
      <DialogTrigger isOpen={isOpen} onOpenChange={setOpen}>
        <AriaButton className={styles.chipButton ?? ''}>
          <span>{label}{shown !== null && ':'}</span>
          {shown !== null && <span className={styles.chipValue}>{shown}</span>}
          <Icon name="chevronDown" />
        </AriaButton>
        <Popover className={styles.popover ?? ''} offset={4} placement="bottom start">
          <Dialog aria-label={label} className={styles.dialog ?? ''}>
            <div className={styles.presets} role="group" aria-label={t('filter.presets')}>
              {datePresets.filter((preset) => preset !== 'custom').map((preset) => (
                <Button
                  key={preset} variant="quiet" aria-pressed={value?.preset === preset}
                  onPress={() => { onChange({ preset, from: null, to: null }); setOpen(false); }}
                >
                  {t(`preset.${preset}`)}
                </Button>
              ))}
            </div>
            <div className={styles.range}>
              <DateField label={t('filter.from')} value={value?.from ?? null} onChange={(from) => custom({ from })} />
              <DateField label={t('filter.to')} value={value?.to ?? null} onChange={(to) => custom({ to })} />
            </div>
          </Dialog>
        </Popover>
      </DialogTrigger>
      {value !== null && <AriaButton className={styles.chipClear ?? ''} aria-label={t('filter.remove', { label })} onPress={() => onChange(null)}><Icon name="close" /></AriaButton>}
    </div>
  );
}
