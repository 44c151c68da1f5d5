// Without letters and digits that are taken for each other when they are read out or written down.
const ALPHABET = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const LENGTH = 20;

/** A password by chance, in groups of five. */
export function suggestPassword(): string {
  const letters: string[] = [];
  const most = 256 - (256 % ALPHABET.length);
  while (letters.length < LENGTH) {
    for (const byte of crypto.getRandomValues(new Uint8Array(LENGTH))) {
      // Bytes above would make the first letters likelier than the others.
      const letter = byte < most ? ALPHABET[byte % ALPHABET.length] : undefined;
      if (letter !== undefined && letters.length < LENGTH) letters.push(letter);
    }
  }
  return letters.join('').replace(/(.{5})(?=.)/g, '$1-');
}
