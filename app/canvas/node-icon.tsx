import * as icons from './icons.ts';
import { lazy, Suspense } from 'react';
import type { ComponentType } from 'react';

const Dynamic = lazy(async () => {
  const { DynamicIcon, iconNames } = await import('lucide-react/dynamic');
  const known = new Set<string>(iconNames);
  const Found = ({ name, className }: { name: string; className: string }) => {
    const found = iconNames.find((one) => one === name);
    return found && known.has(name) ? <DynamicIcon name={found} className={className} /> : null;
  };
  return { default: Found };
});

const byName: Readonly<Record<string, ComponentType<{ className?: string }>>> = icons.byName;

/** A node's picture by the name on its card. Those of shipped nodes are at hand, others are loaded when first seen. */
export function NodeIcon({ name, size = 18 }: { name: string; size?: 12 | 14 | 16 | 18 }) {
  const className = size === 16 ? 'i' : `i i-${size}`;
  const Known = Object.hasOwn(byName, name) ? byName[name] : undefined;
  if (Known) return <Known className={className} aria-hidden />;
  return (
    <Suspense fallback={<span className={className} />}>
      <Dynamic name={name} className={className} />
    </Suspense>
  );
}
