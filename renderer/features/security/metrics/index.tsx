import type { ReactNode } from 'react';

export default function Metrics(): ReactNode {
  return null;
}
