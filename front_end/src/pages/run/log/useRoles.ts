import { useCallback, useState } from 'react';

/** The parts of the job that have said something, as far as their lines were seen here. */
export function useRoles(): [roles: readonly string[], add: (lines: readonly { role: string }[]) => void] {
  const [roles, setRoles] = useState<readonly string[]>([]);
  const add = useCallback((lines: readonly { role: string }[]) => {
    const seen = new Set(lines.map(({ role }) => role));
    setRoles((known) => {
      const fresh = [...seen].filter((role) => !known.includes(role));
      return fresh.length > 0 ? [...known, ...fresh].sort() : known;
    });
  }, []);
  return [roles, add];
}
