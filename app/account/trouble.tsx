import { ApiError } from '../api/api-error.ts';
import { Mark } from '../ui/mark.tsx';

/** A bar with what the server refused, or nothing. */
export function trouble(error: Error | null) {
  if (!error) return null;
  const mend = error instanceof ApiError ? error.mend : undefined;
  return (
    <div className="note-bar" data-state="failed" role="alert">
      <Mark state="failed" />
      <div>
        <b>{error.message}</b> {mend}
      </div>
    </div>
  );
}

/** What is wrong with an e-mail address, if anything. */
export const emailTrouble = (email: string): string | undefined =>
  /^\S+@\S+\.\S+$/.test(email.trim()) && email.trim().length <= 254
    ? undefined
    : 'Enter an e-mail address, such as ines@example.com.';

/** What is wrong with a new password, if anything. */
export const passwordTrouble = (password: string): string | undefined =>
  password === ''
    ? 'Enter a password of 8 characters or more.'
    : password.length < 8
      ? `8 characters or more; this has ${password.length}.`
      : password.length > 200
        ? `200 characters or fewer; this has ${password.length}.`
        : undefined;
