import { installClone } from './clone.ts';
import { installConsole } from './console.ts';
import { installRun } from './run.ts';
import { installText } from './text.ts';
import { installTime } from './time.ts';
import { installUrl } from './url.ts';

/**
 * The text that makes a bare isolate ready for a user's code, for `evalClosure` with three callbacks: `$0` settle, `$1` log,
 * `$2` url. Its value is `{start, tick}` of `installRun`. The callbacks live in its closure only. Functions are taken as
 * text, so that what runs in there is linted and typed as everything else is.
 */
export const bootstrap = `
  (${installText})();
  (${installClone})();
  (${installConsole})($1);
  (${installUrl})($2);
  return (${installRun})((${installTime})(), $0);
`;
