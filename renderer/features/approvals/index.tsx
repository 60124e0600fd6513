import { addTexts } from '../../i18n/index.ts';

addTexts(import.meta.glob<Record<string, string>>('../../../resources/locales/*/approvals.json', { eager: true, import: 'default' }));

export { ApprovalsScreen as default } from './ApprovalsScreen.tsx';
