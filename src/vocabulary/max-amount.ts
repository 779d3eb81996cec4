/** The most that a 64-bit integer column of the ledger holds: 8 EiB, or 9.2 trillion units of a currency in micros. */
export const MAX_AMOUNT = 2n ** 63n - 1n;
