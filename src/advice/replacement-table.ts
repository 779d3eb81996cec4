import type { Candidate, Subject } from './candidate.ts';

/** The catalog's replacement for each legacy table. Whether its columns fit is for the dry run to say. */
export function replacementTable({ sites, replacementOf }: Subject): Candidate | null {
  const replaced = sites.scans.flatMap((scan) => {
    const replacement = replacementOf(scan.table);
    return replacement === null ? [] : [{ scan, replacement }];
  });
  if (replaced.length === 0) return null;
  return {
    changes: [
      {
        kind: 'replacement-table',
        shows: [...new Set(replaced.map((each) => each.replacement.table))].join(', '),
      },
    ],
    edits: replaced.map(({ scan, replacement }) => ({
      ...scan.name,
      text: `\`${replacement.table}\`${scan.isReferencedByName ? ` AS ${scan.qualifier}` : ''}`,
    })),
    result: replaced.every(({ replacement }) => replacement.result === 'same') ? 'same' : 'changed',
  };
}
