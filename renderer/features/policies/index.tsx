export { PoliciesScreen as default } from './PoliciesScreen.tsx';
