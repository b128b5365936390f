import { WifiOff } from 'lucide-react';
import { useOnline } from '../host/online.ts';
import './offline-note.css';

/** Says over a screen that shows lists that nothing new comes: they stand as they were, and what was not loaded does not load. */
export function OfflineNote() {
  const isOnline = useOnline();
  return (
    <div role="status">
      {!isOnline && (
        <p className="float offline-note">
          <WifiOff className="i i-14" aria-hidden />
          <span>
            <b>You are offline.</b> What you see may be old. It goes on by itself once the network is back.
          </span>
        </p>
      )}
    </div>
  );
}
