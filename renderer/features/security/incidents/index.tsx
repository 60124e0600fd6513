import type { ReactNode } from 'react';

export default function Incidents(): ReactNode {
  return null;
}
