import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { json, jsonParseLinter } from '@codemirror/lang-json';
import {
  bracketMatching,
  ensureSyntaxTree,
  foldGutter,
  HighlightStyle,
  indentOnInput,
  syntaxHighlighting,
} from '@codemirror/language';
import { type Diagnostic, lintGutter, lintKeymap, linter, setDiagnostics } from '@codemirror/lint';
import { Compartment, EditorState } from '@codemirror/state';
import { EditorView, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { useEffect, useEffectEvent, useRef } from 'react';

import { placeOf } from './pointer';
import type { JsonEditorProps } from './types';

import './editor.css';

const NO_PROBLEMS: NonNullable<JsonEditorProps['problems']> = [];

const colours = HighlightStyle.define([
  { tag: tags.propertyName, color: 'var(--json-name)' },
  { tag: tags.string, color: 'var(--json-string)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--json-literal)' },
]);

/** The editor itself; pages use `JsonEditor`, which loads it. */
export default function Editor(props: JsonEditorProps) {
  const { value, onChange, readOnly = false, label, problems = NO_PROBLEMS, height = 360 } = props;
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const access = useRef(new Compartment());
  const changed = useEffectEvent((text: string) => onChange?.(text));
  const firstValue = useEffectEvent(() => value);

  useEffect(() => {
    if (!host.current) return;
    const editor = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: firstValue(),
        extensions: [
          lineNumbers(),
          foldGutter(),
          history(),
          indentOnInput(),
          bracketMatching(),
          json(),
          syntaxHighlighting(colours),
          linter((current) => (current.state.doc.toString().trim() ? jsonParseLinter()(current) : [])),
          lintGutter(),
          // Tab is left to the page: an editor must not be a trap for the keyboard.
          keymap.of([...defaultKeymap, ...historyKeymap, ...lintKeymap]),
          EditorView.lineWrapping,
          access.current.of([]),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) changed(update.state.doc.toString());
          }),
        ],
      }),
    });
    view.current = editor;
    return () => {
      view.current = null;
      editor.destroy();
    };
  }, []);

  useEffect(() => {
    view.current?.dispatch({
      effects: access.current.reconfigure([
        EditorState.readOnly.of(readOnly),
        EditorView.contentAttributes.of({ 'aria-label': label, 'aria-readonly': String(readOnly) }),
      ]),
    });
  }, [readOnly, label]);

  useEffect(() => {
    const editor = view.current;
    if (!editor || editor.state.doc.toString() === value) return;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } });
  }, [value]);

  useEffect(() => {
    const editor = view.current;
    if (!editor) return;
    const { state } = editor;
    const tree = ensureSyntaxTree(state, state.doc.length, 200);
    if (!tree) return;
    const shown = problems.map(({ pointer, detail }): Diagnostic => ({
      ...placeOf(tree, state.doc.toString(), pointer),
      severity: 'error',
      message: detail,
    }));
    editor.dispatch(setDiagnostics(state, shown));
  }, [problems, value]);

  return <div ref={host} className="json-editor" style={{ height }} />;
}
