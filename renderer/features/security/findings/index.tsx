import { addTexts } from '../../../i18n/index.ts';

addTexts(import.meta.glob<Record<string, string>>('../../../../resources/locales/*/security-findings.json', { eager: true, import: 'default' }));

export { FindingsScreen as default } from './FindingsScreen.tsx';
