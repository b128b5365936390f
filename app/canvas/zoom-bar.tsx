import { LayoutDashboard, Maximize, Minus, Plus } from 'lucide-react';
import { useViewport } from '@xyflow/react';
import { CommandButton } from './command-button.tsx';
import './zoom-bar.css';

/** How near the camera is, and what moves it. */
export function ZoomBar() {
  const { zoom } = useViewport();
  return (
    <div className="float zoom" role="toolbar" aria-label="Zoom" data-toasts-foot>
      <CommandButton id="view.zoom-out">
        <Minus className="i i-14" aria-hidden />
      </CommandButton>
      <span className="pct">{Math.round(zoom * 100)} %</span>
      <CommandButton id="view.zoom-in">
        <Plus className="i i-14" aria-hidden />
      </CommandButton>
      <span className="sep" />
      <CommandButton id="view.fit">
        <Maximize className="i i-14" aria-hidden />
      </CommandButton>
      <CommandButton id="canvas.tidy">
        <LayoutDashboard className="i i-14" aria-hidden />
      </CommandButton>
    </div>
  );
}
