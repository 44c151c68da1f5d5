interface Props {
  /** What it is, for screen readers. */
  label: string;
  bars: { count: number; text: string }[];
}

/** Counts side by side; each bar's text is told by the pointer and read to screen readers. */
export function Bars({ label, bars }: Props) {
  const most = Math.max(...bars.map(({ count }) => count), 1);
  return (
    <ul className="profile-bars" aria-label={label}>
      {bars.map(({ count, text }, place) => (
        <li key={place} title={text}>
          <span className="visually-hidden">{text}</span>
          <span className="profile-bar" style={{ height: `${(100 * count) / most}%` }} />
        </li>
      ))}
    </ul>
  );
}
