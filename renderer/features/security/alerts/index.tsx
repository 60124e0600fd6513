import type { ReactNode } from 'react';

export default function Alerts(): ReactNode {
  return null;
}
