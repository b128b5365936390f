/** The way to the login and back to where one is. */
export const toLogin = (): string => `/login?to=${encodeURIComponent(location.pathname + location.search)}`;
