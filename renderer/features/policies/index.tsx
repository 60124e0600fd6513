import { addTexts } from '../../i18n/index.ts';

addTexts(import.meta.glob<Record<string, string>>('../../../resources/locales/*/policies.json', { eager: true, import: 'default' }));

export { PoliciesScreen as default } from './PoliciesScreen.tsx';
