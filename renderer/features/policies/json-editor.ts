import { autocompletion, completionKeymap, type CompletionContext, type CompletionResult } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { json, jsonParseLinter } from '@codemirror/lang-json';
import { bracketMatching } from '@codemirror/language';
import { linter, lintGutter, type Diagnostic } from '@codemirror/lint';
import { EditorState } from '@codemirror/state';
import { EditorView, keymap, lineNumbers } from '@codemirror/view';
import { readRule, type ParseProblem } from '../../../shared/policy/parse.ts';
import { approverRoles, policyActions, severities, type Rule } from '../../../shared/policy/rule.ts';

export type JsonEditorOptions = {
  parent: HTMLElement;
  root: ShadowRoot;
  label: string;
  text: string;
  isReadOnly: boolean;
  kpis: () => readonly string[];
  /** A problem in the words of the person. */
  wordsFor: (problem: ParseProblem) => string;
  /** Every change that reads as a rule. */
  onRule: (rule: Rule) => void;
  /** Whether the text reads as a rule now. */
  onValid: (isValid: boolean) => void;
};

const keys: Readonly<Record<string, readonly string[]>> = {
  '': ['id', 'when', 'action', 'params', 'limits', 'window', 'approval', 'autoExecute', 'autoSuggest'],
  when: ['kpiId', 'severity'], window: ['days', 'start', 'end'], approval: ['required', 'roles', 'bypassIfSeverity'],
};

const theme = EditorView.theme({
  '&': { height: '100%', color: 'var(--text)', backgroundColor: 'var(--surface)', fontSize: 'var(--text-m)' },
  '.cm-content': { fontFamily: 'var(--font-mono)', caretColor: 'var(--text)' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '&.cm-focused': { outline: '2px solid var(--focus)', outlineOffset: '-2px' },
  '.cm-gutters': { backgroundColor: 'var(--surface-sunken)', color: 'var(--text-muted)', borderRight: '1px solid var(--line)' },
  '.cm-selectionBackground, &.cm-focused .cm-selectionBackground': { backgroundColor: 'var(--selected-hover)' },
  '.cm-matchingBracket': { backgroundColor: 'var(--selected)', outline: '1px solid var(--line-strong)' },
  '.cm-tooltip': { backgroundColor: 'var(--overlay)', color: 'var(--text)', border: '1px solid var(--line)' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': { backgroundColor: 'var(--selected)', color: 'var(--text)' },
  '.cm-diagnostic-error': { borderLeft: '4px solid var(--danger)' },
});

/** Offers the names and values that the schema knows, for the object that the cursor is in. */
function complete(context: CompletionContext, kpis: () => readonly string[]): CompletionResult | null {
  const word = context.matchBefore(/"[\w.-]*/);
  if (word === null && !context.explicit) return null;
  const before = context.state.sliceDoc(0, word?.from ?? context.pos);
  const from = word?.from ?? context.pos;
  const value = /"(\w+)"\s*:\s*\[?[^\]{}]*$/.exec(before)?.[1];
  const asOptions = (list: readonly string[], type: string): CompletionResult => ({ from, options: list.map((label) => ({ label: `"${label}"`, type })), validFor: /^"[\w.-]*$/ });
  if (value === 'kpiId') return asOptions(kpis(), 'constant');
  if (value === 'action') return asOptions(policyActions, 'enum');
  if (value === 'severity' || value === 'bypassIfSeverity') return asOptions(severities, 'enum');
  if (value === 'roles') return asOptions(approverRoles, 'enum');
  const parent = /"(when|window|approval)"\s*:\s*\{[^{}]*$/.exec(before)?.[1] ?? '';
  return asOptions(keys[parent] ?? [], 'property');
}

/** Where a path such as `window.start` stands in the text, as good as its names can be found. */
function placeOf(text: string, path: string): [number, number] {
  let [from, to] = [0, Math.min(1, text.length)];
  for (const name of path.split('.')) {
    if (/^\d+$/.test(name)) continue;
    const at = text.indexOf(`"${name}"`, from);
    if (at < 0) break;
    [from, to] = [at, at + name.length + 2];
  }
  return [from, to];
}

function diagnose(view: EditorView, { wordsFor, onValid }: JsonEditorOptions): Diagnostic[] {
  const broken = jsonParseLinter()(view);
  if (broken.length > 0) {
    onValid(false);
    return broken;
  }
  const text = view.state.doc.toString();
  const { problems } = readRule(JSON.parse(text));
  onValid(problems.length === 0);
  return problems.map((problem) => {
    const [from, to] = placeOf(text, problem.path);
    return { from, to, severity: 'error', message: wordsFor(problem) };
  });
}

/** The JSON of one rule, in a shadow root: its styles are constructed sheets there, which the content policy allows. */
export function createJsonEditor(options: JsonEditorOptions): { view: EditorView; setText: (text: string) => void } {
  let isOurs = false;
  const view = new EditorView({
    parent: options.parent, root: options.root,
    state: EditorState.create({
      doc: options.text,
      extensions: [
        lineNumbers(), history(), bracketMatching(), json(), lintGutter(), theme, EditorState.tabSize.of(2), EditorView.lineWrapping,
        EditorView.contentAttributes.of({ 'aria-label': options.label, tabindex: '0' }), EditorState.readOnly.of(options.isReadOnly),
        autocompletion({ override: [(context) => complete(context, options.kpis)] }),
        linter((of) => diagnose(of, options), { delay: 150 }),
        keymap.of([...completionKeymap, ...historyKeymap, ...defaultKeymap]),
        EditorView.updateListener.of((update) => {
          if (!update.docChanged || isOurs) return;
          try {
            const { rule } = readRule(JSON.parse(update.state.doc.toString()));
            if (rule !== null) options.onRule(rule);
          } catch {
            // Half-typed JSON is no rule yet; the linter says so.
          }
        }),
      ],
    }),
  });
  return {
    view,
    setText(text) {
      if (view.state.doc.toString() === text) return;
      isOurs = true;
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
      isOurs = false;
    },
  };
}
