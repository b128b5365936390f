import { installClone } from './clone.ts';
import { installConsole } from './console.ts';
import { installLibraries } from './library.ts';
import { installRun } from './run.ts';
import { installText } from './text.ts';
import { installTime } from './time.ts';
import { installUrl } from './url.ts';

/**
 * The text that makes a bare isolate ready for a user's code, for `evalClosure` with four callbacks: `$0` settle, `$1` log,
 * `$2` url, `$3` library. Its value is `{start, tick}` of `installRun`. The callbacks live in its closure only. Functions are taken as
 * text, so that what runs in there is linted and typed as everything else is.
 */
export const bootstrap = `
  (${installText})();
  (${installClone})();
  (${installConsole})($1);
  (${installUrl})($2);
  const time = (${installTime})();
  const libraries = (${installLibraries})($3, time.random, time.randomUUID);
  return (${installRun})(time, libraries, $0);
`;
