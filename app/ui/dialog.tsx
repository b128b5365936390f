import * as Radix from 'radix-ui/dialog';
import { useRef } from 'react';
import type { ReactNode } from 'react';
import { giveBack, openerNow } from './opener.ts';

interface DialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: string;
  /** What it is about, read out with the title. */
  readonly says?: ReactNode;
  readonly children?: ReactNode;
  /** The buttons, the one that goes on last. */
  readonly foot?: ReactNode;
  /** What has the focus first: its first control, or, where that is beside the point, the dialog itself. */
  readonly startsOn?: 'control' | 'dialog';
}

/** For what cannot be undone, or needs a decision now. */
export function Dialog({ open, onClose, title, says, children, foot, startsOn = 'control' }: DialogProps) {
  const opener = useRef<Element | null>(null);
  return (
    <Radix.Root open={open} onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="scrim" />
        <Radix.Content
          className="dialog"
          {...(says ? {} : { 'aria-describedby': undefined })}
          onOpenAutoFocus={(event) => {
            opener.current = openerNow();
            if (startsOn === 'control') return;
            event.preventDefault();
            if (event.currentTarget instanceof HTMLElement) event.currentTarget.focus();
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            giveBack(opener.current);
          }}
        >
          <div className="dialog-head">
            <Radix.Title className="title">{title}</Radix.Title>
          </div>
          <div className="dialog-body col gap-14">
            {says && (
              <Radix.Description className="t2" asChild>
                <div>{says}</div>
              </Radix.Description>
            )}
            {children}
          </div>
          {foot && <div className="dialog-foot">{foot}</div>}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
