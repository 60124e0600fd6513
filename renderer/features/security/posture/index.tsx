import type { ReactNode } from 'react';

export default function Posture(): ReactNode {
  return null;
}
