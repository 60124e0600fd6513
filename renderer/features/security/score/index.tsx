import type { ReactNode } from 'react';

export default function Score(): ReactNode {
  return null;
}
