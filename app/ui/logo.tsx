/** The mark: two heddles, each with its eye, and the thread through them. */
export const Logo = ({ size = 22 }: { size?: number }) => (
  <svg className="logo" viewBox="0 0 24 24" width={size} height={size} aria-hidden>
    <rect width="24" height="24" rx="6" fill="var(--logo)" />
    <path d="M0 13.2C4 13.2 5.5 10.8 12 12s8-1.2 12-1.2" stroke="#d0ec3c" strokeWidth="3" fill="none" />
    <path d="M8 4.5v15M16 4.5v15" stroke="#fff" strokeWidth="2" fill="none" strokeLinecap="round" />
    <path d="M8 10.4v3.4M16 9.9v3.4" stroke="#d0ec3c" strokeWidth="2" fill="none" />
  </svg>
);
