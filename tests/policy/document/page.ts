import { z } from 'zod';
import { policyFile } from '../../../src/policy/document/json-schema.ts';

const INTRODUCTION = `# Every key of policy files

[policies.md](policies.md) says what each key is for and how keys work together. An unknown key is an error. \`when\` and messages
are CEL over the facts in [facts.md](facts.md).

A dot separates a key from the key that contains it, \`[]\` means each entry of a list, and capitals are names of your own.

This page is generated from the schema that the loader uses. After a change, run
\`npm test -- tests/policy/document/page.test.ts --update\`; a test fails until you do.
`;

interface Node {
  readonly description?: string;
  readonly expected?: string;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly required?: readonly string[];
  readonly items?: Node;
  readonly additionalProperties?: Node | boolean;
  readonly anyOf?: readonly Node[];
}

/** The whole text of docs/policy-reference.md. */
export function policyReference(): string {
  const whole = z.toJSONSchema(policyFile, {
    io: 'input',
    override: ({ zodSchema, jsonSchema }) => {
      jsonSchema['expected'] = expectedBy(zodSchema);
    },
  }) as Node;
  const sections = Object.entries(whole.properties ?? {}).map(([key, section]) => {
    const keys = rowsBelow(section, '');
    if (keys.length === 0) return [];
    return ['', `## ${key}`, '', section.description ?? '', '', ...table(keys)];
  });
  return [INTRODUCTION, '## A file', '', ...table(rowsOf(whole, '', false)), ...sections.flat(), ''].join(
    '\n',
  );
}

/** What the loader expects, from its own error message; empty if it has no message of its own. */
function expectedBy(schema: z.core.$ZodType): string {
  const message = z.safeParse(schema, null).error?.issues[0]?.message ?? '';
  return message.startsWith('Invalid input') ? '' : message;
}

interface Row {
  readonly key: string;
  readonly node: Node;
  readonly isRequired: boolean;
}

function rowsOf({ properties = {}, required = [] }: Node, path: string, isDeep = true): readonly Row[] {
  return Object.entries(properties).flatMap(([key, node]) => [
    { key: `${path}${key}`, node, isRequired: required.includes(key) },
    ...(isDeep ? rowsBelow(node, `${path}${key}${node.items === undefined ? '' : '[]'}.`) : []),
  ]);
}

/** The keys below a key that holds a mapping, a list of mappings, mappings by name, or one of several forms. */
function rowsBelow(node: Node, path: string): readonly Row[] {
  const { items, additionalProperties, anyOf = [] } = node;
  return [
    ...rowsOf(node, path),
    ...(items === undefined ? [] : rowsBelow(items, path)),
    ...(typeof additionalProperties === 'object' ? rowsBelow(additionalProperties, `${path}NAME.`) : []),
    ...anyOf.flatMap((form) => rowsBelow(form, path)),
  ];
}

function table(rows: readonly Row[]): readonly string[] {
  return ['| Key | Expected | Default | Meaning |', '|---|---|---|---|', ...rows.map(line)];
}

/** The default of a key, at the end of its description. */
const DEFAULT = /; default: ([^;]+)\.$/;

function line({ key, node, isRequired }: Row): string {
  const description = node.description ?? '';
  const byDefault = isRequired ? 'required' : (DEFAULT.exec(description)?.[1] ?? '');
  const cells = [`\`${key}\``, kindOf(node), byDefault, description.replace(DEFAULT, '.')];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function kindOf({ expected, items }: Node): string {
  if (expected !== undefined && expected !== '') return expected;
  return items === undefined ? 'a mapping' : 'a list';
}
