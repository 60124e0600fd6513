/** The languages the app speaks. */
export const languages = ['de', 'en'] as const;
export type Language = (typeof languages)[number];

/** The language to use: the chosen one, else the system's. */
export const languageFor = (setting: 'system' | Language, system: Language): Language => (setting === 'system' ? system : setting);
