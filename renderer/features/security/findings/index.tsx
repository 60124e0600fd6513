import type { ReactNode } from 'react';

export default function Findings(): ReactNode {
  return null;
}
