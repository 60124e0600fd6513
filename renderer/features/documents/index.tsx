export { DocumentsScreen as default } from './DocumentsScreen.tsx';
