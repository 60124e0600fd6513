export { OutboxScreen as default } from './OutboxScreen.tsx';
