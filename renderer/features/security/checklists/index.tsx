import type { ReactNode } from 'react';

export default function Checklists(): ReactNode {
  return null;
}
