import type { ReactNode } from 'react';

export default function Backups(): ReactNode {
  return null;
}
