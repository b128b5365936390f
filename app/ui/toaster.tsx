import { X } from 'lucide-react';
import { useEffect, useLayoutEffect, useRef, useState, useSyncExternalStore } from 'react';
import type { RefObject } from 'react';
import { Button } from './button.tsx';
import { Mark } from './mark.tsx';
import { dismiss, onToasts, shownMs, toasts } from './toast.ts';

/** Where toasts appear, once in the app; screen readers hear them as they come. */
export function Toaster() {
  const shown = useSyncExternalStore(onToasts, toasts);
  const place = useRef<HTMLDivElement>(null);
  usePlace(place, shown.length > 0);
  return (
    <div className="toasts" role="status" aria-live="polite" ref={place}>
      {shown.map((one) => (
        <ToastCard key={one.id} toast={one} />
      ))}
    </div>
  );
}

const air = 16;

/**
 * Where a screen has a room that is looked at more than pressed (`data-toasts`), toasts lie in its lower right corner, and in a narrow one over
 * the bar at its foot (`data-toasts-foot`): a form, a list and what stands beside them stay free. Without such a room, in the page's corner.
 */
function usePlace(place: RefObject<HTMLDivElement | null>, isShown: boolean): void {
  useLayoutEffect(() => {
    const room = isShown ? document.querySelector('[data-toasts]') : null;
    const box = place.current;
    if (!room || !box) return;
    const lay = () => {
      const { left, right, bottom, width } = room.getBoundingClientRect();
      // A room that is not drawn, as on a phone that shows another one.
      if (width === 0) return;
      const foot = room.querySelector('[data-toasts-foot]')?.getBoundingClientRect();
      const isOverFoot = foot !== undefined && foot.right + air > Math.max(left + air, right - air - box.offsetWidth);
      box.style.right = `${Math.max(0, innerWidth - right) + air / 2}px`;
      box.style.bottom = `${Math.max(0, innerHeight - (isOverFoot ? foot.top : bottom)) + air / 2}px`;
      box.style.maxWidth = `${width - air}px`;
    };
    const watch = new ResizeObserver(lay);
    watch.observe(room);
    watch.observe(box);
    addEventListener('resize', lay);
    return () => {
      watch.disconnect();
      removeEventListener('resize', lay);
      box.removeAttribute('style');
    };
  }, [place, isShown]);
}

function ToastCard({ toast }: { toast: ReturnType<typeof toasts>[number] }) {
  const close = () => dismiss(toast.id);
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (held) return;
    const timer = setTimeout(dismiss, toast.ms ?? shownMs, toast.id);
    return () => clearTimeout(timer);
  }, [held, toast.id, toast.ms]);
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
