import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { cookiePrefix } from './auth.ts';
import { hashToken } from './tokens.ts';

const yearSeconds = 365 * 86_400;

/** A browser in which a person logged in: a cookie that proves it, sealed with the installation's secret. It lets nobody in. */
export interface Devices {
  /** The browser's own name, when its cookie was given to this person. */
  of(cookies: string | undefined, email: string): string | undefined;
  /** The cookie that says so from now on, as a whole `Set-Cookie` line. */
  remember(email: string): string;
}

export function openDevices({ secret, url }: { secret: string; url: string }): Devices {
  const name = `${cookiePrefix(url)}.device`;
  const seal = (browser: string, email: string) =>
    createHmac('sha256', secret)
      .update(`device ${browser} ${hashToken(email)}`)
      .digest('base64url');
  const named = new RegExp(`(?:^|;\\s*)${name.replaceAll('.', String.raw`\.`)}=([\\w-]{22})\\.([\\w-]{43})(?:;|$)`);
  return {
    of: (cookies, email) => {
      const found = named.exec(cookies ?? '');
      if (!found) return undefined;
      const [, browser = '', sealed = ''] = found;
      return timingSafeEqual(Buffer.from(sealed), Buffer.from(seal(browser, email))) ? browser : undefined;
    },
    remember: (email) => {
      const browser = randomBytes(16).toString('base64url');
      const secure = url.startsWith('https:') ? '; Secure' : '';
      return `${name}=${browser}.${seal(browser, email)}; Max-Age=${yearSeconds}; Path=/; HttpOnly; SameSite=Lax${secure}`;
    },
  };
}
