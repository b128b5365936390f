import { X } from 'lucide-react';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { Button } from './button.tsx';
import { Mark } from './mark.tsx';
import { dismiss, onToasts, shownMs, toasts } from './toast.ts';
import type { Toast } from './toast.ts';

/** Where toasts appear, once in the app; screen readers hear them as they come. */
export function Toaster() {
  const shown = useSyncExternalStore(onToasts, toasts);
  return (
    <div className="toasts" role="status" aria-live="polite">
      {shown.map((one) => (
        <ToastCard key={one.id} toast={one} close={() => dismiss(one.id)} />
      ))}
    </div>
  );
}

function ToastCard({ toast, close }: { toast: Toast; close: () => void }) {
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (held) return;
    const timer = setTimeout(close, toast.ms ?? shownMs);
    return () => clearTimeout(timer);
  }, [held, close, toast.ms]);
  const takeBack = () => {
    toast.undo?.();
    close();
  };
  const hold = { onPointerEnter: () => setHeld(true), onPointerLeave: () => setHeld(false) };
  return (
    <div className="float toast" {...hold} onFocus={() => setHeld(true)} onBlur={() => setHeld(false)}>
      <Mark state={toast.state ?? 'ok'} />
      <div className="grow">
        <div className="strong">{toast.title}</div>
        {toast.text && <div className="small t2">{toast.text}</div>}
      </div>
      {toast.undo && (
        <Button tone="quiet" size="sm" onClick={takeBack}>
          Undo
        </Button>
      )}
      <Button tone="quiet" size="sm" className="icon" aria-label="Close" onClick={close}>
        <X className="i i-14" aria-hidden />
      </Button>
    </div>
  );
}
