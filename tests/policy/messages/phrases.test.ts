import { IntlMessageFormat } from 'intl-messageformat';
import { describe, expect, test } from 'vitest';
import { phrasesIn } from '../../../src/policy/messages/phrases.ts';
import { english } from '../../../src/policy/messages/phrases-en.ts';
import { portuguese } from '../../../src/policy/messages/phrases-pt-br.ts';

type Element = ReturnType<IntlMessageFormat['getAst']>[number];

/** The arguments that a template uses, including those in its branches. */
function argumentsOf(template: string): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (elements: readonly Element[]) => {
    for (const element of elements) {
      if (element.type !== LITERAL && 'value' in element) names.add(element.value);
      if ('options' in element) for (const { value } of Object.values(element.options)) visit(value);
    }
  };
  visit(new IntlMessageFormat(template, 'en', undefined, { ignoreTag: true }).getAst());
  return names;
}

const LITERAL = 0;

describe('every sentence of a refusal', () => {
  test.each(Object.keys(english) as (keyof typeof english)[])(
    '%s uses the same arguments in both languages',
    (name) => {
      expect(argumentsOf(portuguese[name])).toEqual(argumentsOf(english[name]));
    },
  );

  test('is translated: no text is the same in both languages', () => {
    const same = Object.entries(english).filter(
      ([name, text]) => portuguese[name as keyof typeof english] === text,
    );
    expect(same).toEqual([]);
  });
});

test('numbers are formatted for the language', () => {
  const arguments_ = { budget: 'b', running: 1234, waiting: 2 };
  expect(phrasesIn('en')('queueIsFull', arguments_)).toContain('1,234 queries are already running');
  expect(phrasesIn('pt-BR')('queueIsFull', arguments_)).toContain('1.234 consultas');
});

test('names may contain characters with a meaning in templates', () => {
  const rules = "a's {rule} <b> # (x:1)";
  expect(phrasesIn('en')('byRules', { rules, count: 1 })).toBe(`rule ${rules} refuses it`);
});
