/** A problem that belongs to a place in the document. */
export interface JsonProblem {
  /** A JSON Pointer; empty for the whole document. */
  pointer: string;
  detail: string;
  /** The setting that is missing, where the problem is of the whole because of that. */
  setting?: string;
}

export interface JsonEditorProps {
  /** The text. Typing tells of a new one by `onChange`; another text from outside replaces what is typed. */
  value: string;
  onChange?: (text: string) => void;
  readOnly?: boolean;
  /** For screen readers. */
  label: string;
  /** Shown at their places, besides what is not JSON at all. */
  problems?: readonly JsonProblem[];
  /** In pixels; a longer text scrolls. */
  height?: number;
}
