import { Time } from '../../components/Time';

/** When something ends: exactly, and how long that is from now. */
export function Expiry({ at }: { at: string }) {
  return (
    <>
      <Time at={at} exact /> (<Time at={at} />)
    </>
  );
}
