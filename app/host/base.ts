/** Where the server's doors begin, without a slash at its end. Heddle serves its own page: they begin at its root. */
export const base = '';
