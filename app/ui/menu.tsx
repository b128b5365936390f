import * as Radix from 'radix-ui/dropdown-menu';
import type { ReactElement, ReactNode } from 'react';
import { classes } from './class-names.ts';
import { Cut } from './cut.tsx';
import { Keys } from './kbd.tsx';
import { useFloating } from './floating.ts';

/** A menu that opens from a button. */
export function Menu({
  trigger,
  children,
  align = 'end',
  reach,
}: {
  trigger: ReactElement;
  children: ReactNode;
  align?: 'start' | 'end';
  /** Called once it has closed: puts the focus where the choice leads and says true, or leaves it to the button. */
  reach?: () => boolean;
}) {
  const { root, place } = useFloating();
  return (
    <Radix.Root modal={false} {...root}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal container={place}>
        <Radix.Content
          className="float menu"
          align={align}
          sideOffset={4}
          collisionPadding={8}
          onCloseAutoFocus={(event) => {
            if (reach?.()) event.preventDefault();
          }}
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

interface MenuItemProps {
  readonly icon?: ReactNode;
  readonly keys?: string | undefined;
  readonly danger?: boolean;
  readonly disabled?: boolean;
  readonly onSelect: () => void;
  readonly children: ReactNode;
}

/** One line of a menu; its key stands at the right. */
export function MenuItem({ icon, keys, danger, disabled, onSelect, children }: MenuItemProps) {
  return (
    <Radix.Item className={classes('menu-item', danger && 'danger')} disabled={disabled} onSelect={onSelect}>
      {icon}
      {typeof children === 'string' ? <Cut text={children} /> : children}
      {keys && (
        <span className="end">
          <Keys keys={keys} />
        </span>
      )}
    </Radix.Item>
  );
}

/** A hairline between the groups of a menu. */
export const MenuLine = () => <Radix.Separator className="menu-line" />;

/** The heading of a group of a menu. */
export const MenuHead = ({ children }: { children: ReactNode }) => (
  <Radix.Label className="menu-head">{children}</Radix.Label>
);
