/** Two equal nodes and the link between them. */
export function Logo({ size = 28 }: { size?: number }) {
  return (
    <svg className="logo" width={size} height={size} viewBox="0 0 32 32" fill="none" aria-hidden="true">
      <path d="M12.5 16h7" stroke="currentColor" strokeWidth="2.6" strokeLinecap="round" />
      <circle cx="7" cy="16" r="5" stroke="currentColor" strokeWidth="2.6" />
      <circle cx="25" cy="16" r="5" stroke="currentColor" strokeWidth="2.6" />
    </svg>
  );
}
