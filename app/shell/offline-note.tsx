import { ServerOff, WifiOff } from 'lucide-react';
import { useOnline } from '../host/online.ts';
import { useAway } from '../host/reach.ts';
import './offline-note.css';

/** Says over a screen that nothing new comes: it stands as it was, and what was not loaded does not load. */
export function OfflineNote() {
  const isOnline = useOnline();
  const isAway = useAway();
  const Picture = isOnline ? ServerOff : WifiOff;
  return (
    <div role="status">
      {(!isOnline || isAway) && (
        <p className="float offline-note">
          <Picture className="i i-14" aria-hidden />
          <span>
            <b>{isOnline ? 'The server does not answer.' : 'You are offline.'}</b> What you see may be old. It goes on
            by itself once {isOnline ? 'it answers' : 'the network is back'}.
          </span>
        </p>
      )}
    </div>
  );
}
