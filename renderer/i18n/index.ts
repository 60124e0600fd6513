import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { Language } from './language.ts';

type Texts = Record<string, string>;

/**
 * The texts that the frame and the first screens speak: `<language>/<namespace>.json`, flat keys. What only one area says
 * comes with that area ({@link addTexts}): every text here is read before the first paint.
 */
const files = import.meta.glob<Texts>(
  ['../../resources/locales/*/*.json', '!../../resources/locales/*/{access,approvals,audit,diagnostics,keychain,leaving,login-test,monitoring,overview,policies,security*,settings,setup,wipe}.json'],
  { eager: true, import: 'default' },
);

/** Language, namespace and texts of each file of a glob. */
const named = (found: Record<string, Texts>): [string, string, Texts][] => Object.entries(found).map(([path, texts]) => {
  const [language = '', namespace = ''] = path.replace(/\.json$/, '').split('/').slice(-2);
  return [language, namespace, texts];
});

function resources(): Record<string, Record<string, Texts>> {
  const byLanguage: Record<string, Record<string, Texts>> = {};
  for (const [language, namespace, texts] of [...named(files), ...later.flatMap(named)]) (byLanguage[language] ??= {})[namespace] = texts;
  return byLanguage;
}

/** What areas have brought along before the texts were started. */
const later: Record<string, Texts>[] = [];

/** Adds the texts of an area, from the area's own module. @param found an eager glob of its files in all languages */
export function addTexts(found: Record<string, Texts>): void {
  later.push(found);
  if (i18next.isInitialized) for (const [language, namespace, texts] of named(found)) i18next.addResourceBundle(language, namespace, texts);
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
