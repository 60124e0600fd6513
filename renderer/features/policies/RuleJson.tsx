import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { readRule } from '../../../shared/policy/parse.ts';
import { isSameRule, type Rule } from '../../../shared/policy/rule.ts';
import { createJsonEditor } from './json-editor.ts';
import styles from './policies.module.css';

/** Lists of plain values stay in one line, as a person would write them. Only what holds a line break is touched: no text does. */
const textOf = (rule: Rule): string => `${JSON.stringify(rule, null, 2).replace(/\[\n\s*([^[\]{}]*?)\n\s*\]/g, (_list, inside: string) => `[${inside.replace(/\n\s*/g, ' ')}]`)}\n`;

/** What the text says, if it says a rule. */
function ruleIn(text: string): Rule | null {
  try {
    return readRule(JSON.parse(text)).rule;
  } catch {
    return null;
  }
}

/** The rule as JSON. What cannot be read stays in the editor, marked, and changes nothing. */
export function RuleJson({ rule, kpis, isReadOnly, onChange }: { rule: Rule; kpis: readonly string[]; isReadOnly: boolean; onChange: (rule: Rule, group?: string) => void }): ReactNode {
  const { t } = useTranslation('policies');
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<ReturnType<typeof createJsonEditor>>(null);
  const latest = useRef({ onChange, kpis, t, rule });
  const [isValid, setValid] = useState(true);
  useEffect(() => { latest.current = { onChange, kpis, t, rule }; });
  useEffect(() => {
    const element = host.current;
    if (element === null) return undefined;
    const root = element.shadowRoot ?? element.attachShadow({ mode: 'open' });
    const parent = document.createElement('div');
    parent.style.height = '100%';
    root.append(parent);
    const made = createJsonEditor({
      parent, root, isReadOnly, label: latest.current.t('json.label'), text: textOf(latest.current.rule), kpis: () => latest.current.kpis,
      wordsFor: ({ messageKey, params }) => latest.current.t(messageKey.replace(/^policy\./, ''), params),
      onRule: (next) => latest.current.onChange({ ...next, id: latest.current.rule.id }, 'json'), onValid: setValid,
    });
    editor.current = made;
    return () => {
      made.view.destroy();
      parent.remove();
    };
  }, [isReadOnly]);
  // A change from elsewhere (undo, a fix) is taken over; one's own half-typed text is not overwritten by what it already means.
  useEffect(() => {
    const current = editor.current;
    const meant = current === null ? null : ruleIn(current.view.state.doc.toString());
    if (meant === null || !isSameRule({ ...meant, id: rule.id }, rule)) {
      if (meant !== null || current?.view.hasFocus !== true) current?.setText(textOf(rule));
    }
  }, [rule]);
  return (
    <div className={styles.json}>
      <div ref={host} className={styles.jsonHost} data-testid="rule-json" />
      <p className={isValid ? styles.muted : styles.problem} role="status">{t(isValid ? 'json.valid' : 'json.invalid')}</p>
    </div>
  );
}
