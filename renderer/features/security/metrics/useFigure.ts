import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../../i18n/format.ts';

/** Units of what is measured. */
export type FigureUnit = 'perSecond' | 'perMinute' | 'ratio' | 'seconds' | 'count';

/** A measured value in words: `3,2/s`, `1,5 %`, `120 ms`. */
export function useFigure(unit: FigureUnit): (value: number) => string {
  const { t } = useTranslation('security-metrics');
  const format = useFormat();
  return useCallback((value: number): string => {
    const rounded = (of: number): string => format.decimal(of.toFixed(of !== 0 && Math.abs(of) < 1 ? 2 : of < 100 ? 1 : 0), { max: 2 });
    if (unit === 'ratio') return t('unit.percent', { value: rounded(value * 100) });
    if (unit === 'seconds') return value < 1 ? t('unit.ms', { value: rounded(value * 1000) }) : t('unit.s', { value: rounded(value) });
    return unit === 'count' ? rounded(value) : t(`unit.${unit}`, { value: rounded(value) });
  }, [t, format, unit]);
}
