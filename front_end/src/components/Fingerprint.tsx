import { CopyButton } from './CopyButton';

interface Props {
  value: string;
  /** What the fingerprint is of, for the copy button's label. */
  label: string;
}

/** A key's fingerprint in groups of four digits, which line up with those of another one beside it. */
export function Fingerprint({ value, label }: Props) {
  const groups = value.includes(' ') ? value.split(/\s+/) : (value.match(/.{1,4}/g) ?? []);
  return (
    <span className="fingerprint">
      <span className="fingerprint-groups mono">
        {groups.map((group, index) => (
          <span key={index}>{group} </span>
        ))}
      </span>
      <CopyButton text={value} what={label} />
    </span>
  );
}
