import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Json } from '../../../shared/policy/rule.ts';
import { Button, Checkbox, IconButton, TextField } from '../../ui/index.ts';
import styles from './policies.module.css';

type Bag = Record<string, Json>;

/** A typed value: numbers as numbers, whichever decimal sign; everything else as the text it is. */
function parsed(text: string): Json {
  const number = text.trim().replace(/^(-?\d+),(\d+)$/, '$1.$2');
  return /^-?\d+(\.\d+)?$/.test(number) ? Number(number) : text;
}
const shown = (value: Json | undefined): string => (value === undefined || value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value));
const isBySeverity = (value: Json | undefined): value is Bag => typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).every((key) => ['ok', 'warn', 'crit'].includes(key)) && ('warn' in value || 'crit' in value);
/** What only the JSON view can show whole. */
const isDeep = (value: Json | undefined): boolean => typeof value === 'object' && value !== null && !isBySeverity(value);

/** Parameters or limits: a name and a value each, or a value for each severity. */
export function ParamsFields({ values, onChange, bySeverity, name }: { values: Bag; onChange: (values: Bag | undefined, group?: string) => void; bySeverity: boolean; name: string }): ReactNode {
  const { t } = useTranslation('policies');
  const [added, setAdded] = useState('');
  const put = (key: string, value: Json, group?: string): void => onChange({ ...values, [key]: value }, group);
  const drop = (key: string): void => {
    const rest = Object.fromEntries(Object.entries(values).filter(([other]) => other !== key));
    onChange(Object.keys(rest).length === 0 ? undefined : rest);
  };
  const add = (): void => {
    const key = added.trim();
    if (key === '' || key in values) return;
    put(key, '');
    setAdded('');
  };
  return (
    <div className={styles.params}>
      {Object.entries(values).map(([key, value]) => (
        <div key={key} role="group" aria-label={key} className={styles.param}>
          <span className={styles.paramName}>{key}</span>
          {isDeep(value) ? <code className={styles.deep}>{shown(value)}</code> : isBySeverity(value) ? (
            <>
              <TextField label={t('severity.warn')} value={shown(value['warn'])} onChange={(text) => put(key, { ...value, warn: parsed(text) }, `${name}.${key}.warn`)} />
              <TextField label={t('severity.crit')} value={shown(value['crit'])} onChange={(text) => put(key, { ...value, crit: parsed(text) }, `${name}.${key}.crit`)} />
            </>
          ) : <TextField label={t('params.value')} hideLabel value={shown(value)} onChange={(text) => put(key, parsed(text), `${name}.${key}`)} />}
          {bySeverity && !isDeep(value) && <Checkbox isSelected={isBySeverity(value)} onChange={(on) => put(key, on ? { warn: value, crit: value } : (isBySeverity(value) ? (value['warn'] ?? '') : value))}>{t('params.bySeverity')}</Checkbox>}
          <IconButton icon="trash" label={t('params.remove', { name: key })} onPress={() => drop(key)} />
        </div>
      ))}
      <div className={styles.addParam}>
        <TextField label={t('params.new')} value={added} onChange={setAdded} onKeyDown={(event) => { if (event.key === 'Enter') { event.preventDefault(); add(); } }} />
        <Button icon="plus" onPress={add} isDisabled={added.trim() === '' || added.trim() in values}>{t('params.add')}</Button>
      </div>
    </div>
  );
}
