import type { ReactNode } from 'react';

export default function Secrets(): ReactNode {
  return null;
}
