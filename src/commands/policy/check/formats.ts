import { basename, join, relative, resolve } from 'node:path';
import type { PolicyCheck } from '../../../policy/check.ts';
import type { PolicyError } from '../../../policy/document/errors.ts';
import { pluralize } from '../pluralize.ts';

export interface CheckReport extends PolicyCheck {
  readonly folder: string;
  /** The digest of the files. */
  readonly version: string;
}

/** For people: `file:line:column: what; expected what`, which editors and terminals turn into links. */
export function checkReportAsText({ folder, version, errors, warnings, counts }: CheckReport): string {
  const lines = [
    ...errors.map((error) => `${error}`),
    ...warnings.map(({ source, message }) => {
      const { file, line, column } = source;
      return `${file}:${line}:${column}: warning: ${message}`;
    }),
  ];
  if (counts === null) {
    lines.push(
      `The policy files in ${folder} have ${pluralize(errors.length, 'error')}. ` +
        'Fix the files at these places; docs/policies.md describes the format.',
    );
  } else {
    const { teams, budgets, rules, tables } = counts;
    const parts = [
      pluralize(teams, 'team'),
      pluralize(budgets, 'budget'),
      pluralize(rules, 'rule'),
      pluralize(tables, 'table'),
    ];
    const warningsText = warnings.length === 0 ? '' : `, with ${pluralize(warnings.length, 'warning')}`;
    lines.push(
      `The policy files in ${folder} are right${warningsText}: version ${version}, ${parts.join(', ')}.`,
    );
  }
  return `${lines.join('\n')}\n`;
}

/** The same for programs. */
export function checkReportAsJson({ folder, version, errors, warnings, counts }: CheckReport): string {
  const plain = ({ source, message }: PolicyError) => ({
    ...source,
    path: pathOf(folder, source.file),
    message,
  });
  const report = {
    ok: errors.length === 0,
    folder,
    version,
    counts,
    errors: errors.map(plain),
    warnings: warnings.map(plain),
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}

/**
 * Annotations that GitHub workflows show beside the lines of a pull request.
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
 */
export function checkReportAsAnnotations({ folder, errors, warnings }: CheckReport): string {
  const annotation = (level: 'error' | 'warning') => (error: PolicyError) => {
    const { file, line, column } = error.source;
    const properties = { file: pathOf(folder, file), line, col: column, title: 'guardrail policy check' };
    const written = Object.entries(properties).map(
      ([key, value]) => `${key}=${escapeProperty(String(value))}`,
    );
    return `::${level} ${written.join(',')}::${escapeMessage(error.message)}\n`;
  };
  return [...errors.map(annotation('error')), ...warnings.map(annotation('warning'))].join('');
}

/** Annotations need the path from the root of the repository. */
function pathOf(folder: string, file: string): string {
  const root = process.env['GITHUB_WORKSPACE'] ?? process.cwd();
  return relative(root, resolve(join(folder, basename(file))));
}

function escapeMessage(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeMessage(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
