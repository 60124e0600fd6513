export { ApprovalsScreen as default } from './ApprovalsScreen.tsx';
