import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Decimal } from '../../shared/domain/money.ts';
import type { Language } from './language.ts';

/** Numbers, dates and times as people of one language read them. All times are epoch milliseconds, shown in local time. */
export type Format = {
  language: Language;
  /** `1.234,50 €`; exact, never through a float. */
  money: (value: Decimal | string) => string;
  /** `1.234,50` without the currency. */
  amount: (value: Decimal | string) => string;
  /** As many digits as the value has, up to ten. */
  decimal: (value: Decimal | string, digits?: { min?: number; max?: number }) => string;
  integer: (value: number) => string;
  /** `24.12.2025` from `2025-12-24` or from a time. */
  date: (value: string | number) => string;
  dateTime: (at: number) => string;
  /** `10:42` */
  time: (at: number) => string;
  /** `10:42` today, else `24.12.2025, 10:42`: what the age of data is shown with. */
  moment: (at: number, now?: number) => string;
  /** `vor 3 Tagen` */
  relative: (at: number, now?: number) => string;
  /** `Vertrieb, Einkauf und Lager` */
  list: (items: readonly string[]) => string;
};

const locales: Record<Language, string> = { de: 'de-DE', en: 'en-GB' };
const steps: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_557_600_000], ['month', 2_629_800_000], ['day', 86_400_000], ['hour', 3_600_000], ['minute', 60_000],
];

const isSameDay = (a: Date, b: Date): boolean => a.getFullYear() === b.getFullYear() && a.getMonth() === b.getMonth() && a.getDate() === b.getDate();

/** Intl takes a decimal string exactly; the type only knows literals. */
const numeric = (value: string): `${number}` => value as `${number}`;

/** Builds the formatters of a language. */
export function createFormat(language: Language): Format {
  const locale = locales[language];
  const money = new Intl.NumberFormat(locale, { style: 'currency', currency: 'EUR' });
  const amount = new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const integer = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const date = new Intl.DateTimeFormat(locale, { day: '2-digit', month: '2-digit', year: 'numeric' });
  const dateTime = new Intl.DateTimeFormat(locale, { day: '2-digit', month: '2-digit', year: 'numeric', hour: '2-digit', minute: '2-digit' });
  const time = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const list = new Intl.ListFormat(locale, { type: 'conjunction' });
  // Making one takes longer than painting the cell it is for.
  const known = new Map<string, Intl.NumberFormat>();
  const withDigits = (min: number, max: number): Intl.NumberFormat => {
    const name = `${min}-${max}`;
    const format = known.get(name) ?? new Intl.NumberFormat(locale, { minimumFractionDigits: min, maximumFractionDigits: max });
    known.set(name, format);
    return format;
  };
  return {
    language,
    money: (value) => money.format(numeric(value)),
    amount: (value) => amount.format(numeric(value)),
    decimal: (value, { min = 0, max = 10 } = {}) => withDigits(min, max).format(numeric(value)),
    integer: (value) => integer.format(value),
    // A calendar day has no time zone: it is built from its parts, not parsed as midnight UTC.
    date: (value) => (typeof value === 'number' ? date.format(value) : formatDay(date, value)),
    dateTime: (at) => dateTime.format(at),
    time: (at) => time.format(at),
    moment: (at, now = Date.now()) => (isSameDay(new Date(at), new Date(now)) ? time : dateTime).format(at),
    relative: (at, now = Date.now()) => {
      const distance = at - now;
      const [unit, size] = steps.find(([, length]) => Math.abs(distance) >= length) ?? ['second', 1000];
      return relative.format(unit === 'second' ? 0 : Math.trunc(distance / size), unit);
    },
    list: (items) => list.format(items),
  };
}

function formatDay(format: Intl.DateTimeFormat, day: string): string {
  const match = /^(\d{4})-(\d{2})-(\d{2})/.exec(day);
  if (match === null) return day;
  return format.format(new Date(Number(match[1]), Number(match[2]) - 1, Number(match[3])));
}

const formats: Partial<Record<Language, Format>> = {};

/** The formatters of a language; built once. */
export const formatFor = (language: Language): Format => (formats[language] ??= createFormat(language));

/** The formatters of the language on screen. */
export function useFormat(): Format {
  const { i18n } = useTranslation();
  return useMemo(() => formatFor(i18n.language === 'en' ? 'en' : 'de'), [i18n.language]);
}
