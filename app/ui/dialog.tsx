import * as Radix from 'radix-ui/dialog';
import { useRef } from 'react';
import type { ReactNode } from 'react';

interface DialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: string;
  /** What it is about, read out with the title. */
  readonly says?: ReactNode;
  readonly children?: ReactNode;
  /** The buttons, the one that goes on last. */
  readonly foot?: ReactNode;
}

/** For what cannot be undone, or needs a decision now. */
export function Dialog({ open, onClose, title, says, children, foot }: DialogProps) {
  const opener = useRef<Element | null>(null);
  return (
    <Radix.Root open={open} onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="scrim" />
        <Radix.Content
          className="dialog"
          {...(says ? {} : { 'aria-describedby': undefined })}
          onOpenAutoFocus={() => {
            opener.current = openerNow();
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

/** What had the focus when the dialog came: a button, or the button of the menu whose line was taken, which is gone by the end. */
function openerNow(): Element | null {
  const { activeElement: here } = document;
  const menu = here?.closest('[role=menu]')?.getAttribute('aria-labelledby');
  return menu ? document.getElementById(menu) : here;
}

/** Radix gives the focus back to its own triggers only. Who took it somewhere meanwhile keeps it. */
function giveBack(opener: Element | null): void {
  const { activeElement: here, body } = document;
  const isFree = here === null || here === body || here.closest('[role=dialog]') !== null;
  if (isFree && opener instanceof HTMLElement && opener.isConnected) opener.focus();
}
