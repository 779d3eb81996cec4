import packageFile from '../../package.json' with { type: 'json' };

/** This build's version, from package.json: the only source of the version wherever it is shown. */
export const VERSION = packageFile.version;

/** How guardrail identifies itself to servers to which it posts on its own behalf. */
export const USER_AGENT = `guardrail/${VERSION}`;
