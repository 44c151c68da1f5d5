// What an operator prefers, in this browser. A browser that refuses storage forgets it.

type Preference = 'language' | 'theme' | 'log.wrap';

export function read(name: Preference): string | null {
  try {
    return localStorage.getItem(`efls.${name}`);
  } catch {
    return null;
  }
}

export function write(name: Preference, value: string): void {
  try {
    localStorage.setItem(`efls.${name}`, value);
  } catch {
    // See above.
  }
}
