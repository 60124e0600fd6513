import type { ReactNode } from 'react';

export default function Review(): ReactNode {
  return null;
}
