import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { Language } from './language.ts';

type Texts = Record<string, string>;

/** Every file under resources/locales, bundled: `<language>/<namespace>.json`, flat keys. */
const files = import.meta.glob<Texts>('../../resources/locales/*/*.json', { eager: true, import: 'default' });

function resources(): Record<string, Record<string, Texts>> {
  const byLanguage: Record<string, Record<string, Texts>> = {};
  for (const [path, texts] of Object.entries(files)) {
    const [language, namespace] = path.replace(/\.json$/, '').split('/').slice(-2);
    if (language !== undefined && namespace !== undefined) (byLanguage[language] ??= {})[namespace] = texts;
  }
  return byLanguage;
}

/** Sets the texts up, synchronously, so that the first frame already speaks the right language. */
export function startTexts(language: Language): void {
  void i18next.use(initReactI18next).init({
    resources: resources(), lng: language, fallbackLng: 'de', defaultNS: 'common', keySeparator: false, initAsync: false,
    // React escapes what it renders; escaping twice would show entities.
    interpolation: { escapeValue: false }, missingInterpolationHandler: () => '–', react: { useSuspense: false },
  });
  document.documentElement.lang = language;
}

/** Switches the language at run time. */
export function switchLanguage(language: Language): void {
  document.documentElement.lang = language;
  if (i18next.language !== language) void i18next.changeLanguage(language);
}
