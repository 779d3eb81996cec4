import packageFile from '../../package.json' with { type: 'json' };

/** This build's version, as package.json has it: wherever a version shows, it is this one. */
export const VERSION = packageFile.version;

/** How the guardrail names itself to servers that it posts to on its own account. */
export const USER_AGENT = `guardrail/${VERSION}`;
