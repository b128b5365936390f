import { openSecret } from './accounts/secret.ts';
import type { Secret } from './accounts/secret.ts';
import type { Config } from './config.ts';
import type { Families } from './engine/families.ts';
import { linkMaker } from './engine/links.ts';
import type { LinkMaker } from './engine/links.ts';
import { OwnCalls } from './engine/own-calls.ts';

/** What runs show to the outside and is known again by the installation's secret, which is read when the first of it is shown. */
export function openSignedWays(config: Config, families: Families): { linkOf: LinkMaker; ownCalls: OwnCalls } {
  let known: Secret | undefined;
  const secret = () => (known ??= openSecret(config));
  const open = config.hooksUrl ?? config.url;
  return {
    linkOf: linkMaker(open, () => secret().forLinks),
    ownCalls: new OwnCalls({ addresses: [config.url, open], key: () => secret().forCalls, families }),
  };
}
