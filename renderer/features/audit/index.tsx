import { addTexts } from '../../i18n/index.ts';

addTexts(import.meta.glob<Record<string, string>>('../../../resources/locales/*/audit.json', { eager: true, import: 'default' }));

export { AuditScreen as default } from './AuditScreen.tsx';
